/** The port to whatever carries mail away. */

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments?: readonly Attachment[];
}

export interface Attachment {
  name: string;
  contentType: string;
  /** Base64: a mail waits as JSON. */
  content: string;
}

export interface MailCarrier {
  /** Resolves once the other side has taken the mail; rejects where it has not. */
  send(mail: Mail & { from: string; messageId: string }): Promise<void>;
  close(): void;
}

/** The port to whatever carries mail away. */

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface MailCarrier {
  /** Resolves once the other side has taken the mail; rejects where it has not. */
  send(mail: Mail & { from: string; messageId: string }): Promise<void>;
  close(): void;
}

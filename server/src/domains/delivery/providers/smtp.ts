/** Mail over SMTP, such as `smtps://user:password@mail.example.com`. */
import { createTransport } from 'nodemailer';
import type { MailCarrier } from '../provider.ts';

const timeoutMs = 15_000;

export function openSmtp(url: string): MailCarrier {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A mail is made of our own text alone; nothing in it may be read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ attachments = [], ...mail }) {
      await transport.sendMail({
        ...mail,
        attachments: attachments.map(({ name, contentType, content }) => ({
          ...{ filename: name, contentType },
          content: Buffer.from(content, 'base64'),
        })),
      });
    },
    close: () => transport.close(),
  };
}

/** The SMTP side of the mailbox: it takes every mail from anyone to anyone, without a password. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Address } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

const MAIL_BYTES_MAX = 10 * 1024 * 1024;
/** Senders keep idle connections in a pool; waiting for these would only delay our end. */
const CLOSE_TIMEOUT_MS = 300;

export interface ReceivedMail {
  from: string;
  to: string;
  recipients: string[];
  subject: string;
  text: string;
  html: string | null;
}

export interface Receiver {
  port: number;
  close(): Promise<void>;
}

export async function startReceiver(
  port: number,
  accept: (mail: ReceivedMail) => void,
): Promise<Receiver> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: MAIL_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData(stream, session, done) {
      const envelope = {
        from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
        recipients: session.envelope.rcptTo.map((recipient) => recipient.address),
      };
      receive(stream, envelope).then((mail) => {
        accept(mail);
        done();
      }, done);
    },
  });
  server.on('error', (error) => console.error('A mail connection failed.', error));
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Envelope {
  from: string;
  recipients: string[];
}

async function receive(stream: SMTPServerDataStream, envelope: Envelope): Promise<ReceivedMail> {
  const raw = await readMail(stream);
  const parsed = await PostalMime.parse(raw);
  const to = (parsed.to ?? []).flatMap(addressesOf);
  return {
    from: parsed.from ? addressesOf(parsed.from).join(', ') : envelope.from,
    to: (to.length > 0 ? to : envelope.recipients).join(', '),
    recipients: envelope.recipients.map((address) => address.toLowerCase()),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html ?? null,
  };
}

/** The server only announces its size limit; a client that ignores it is cut off here, without keeping the excess. */
async function readMail(stream: SMTPServerDataStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MAIL_BYTES_MAX) parts.push(part);
  }
  if (size > MAIL_BYTES_MAX) {
    throw Object.assign(new Error('The mail is larger than this mailbox takes.'), {
      responseCode: 552,
    });
  }
  return Buffer.concat(parts);
}

function addressesOf(address: Address): string[] {
  if (address.group) return address.group.map((member) => member.address);
  return address.address ? [address.address] : [];
}

/** The mailbox of everybody: whatever the product mails in a sandbox ends up here, newest first. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sendHtml, sendJson } from '../http/exchange.ts';
import { pickLocale, wantsHtml } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { Journal } from '../storage/journal.ts';
import { findLinks, type Mail } from './mail.ts';
import { renderMailbox } from './page.ts';
import { type ReceivedMail, startReceiver } from './receiver.ts';

const MAILS_MAX = 1_000;

export interface Mailbox {
  smtpPort: number;
  routes: Route[];
  close(): Promise<void>;
}

export async function openMailbox(options: {
  smtpPort: number;
  dataDir: string | undefined;
}): Promise<Mailbox> {
  const path = options.dataDir === undefined ? undefined : join(options.dataDir, 'mails.jsonl');
  const mails = new Journal<Mail>({ path, recordsMax: MAILS_MAX });
  const receiver = await startReceiver(options.smtpPort, (mail) => mails.put(keep(mail)));

  return {
    smtpPort: receiver.port,
    routes: mailboxRoutes(mails),
    close: async () => {
      await receiver.close();
      mails.close();
    },
  };
}

function mailboxRoutes(mails: Journal<Mail>): Route[] {
  return [
    {
      method: 'GET',
      path: '/sandbox/mailbox',
      handle(exchange) {
        const to = exchange.query.get('to')?.trim() ?? '';
        const found = findMails(mails, to);
        if (!wantsHtml(exchange)) return sendJson(exchange.response, 200, { data: found });
        const page = renderMailbox({ mails: found, to, locale: pickLocale(exchange) });
        sendHtml(exchange.response, 200, page);
      },
    },
    {
      method: 'DELETE',
      path: '/sandbox/mailbox',
      handle({ response }) {
        mails.clear();
        sendJson(response, 200, { data: [] });
      },
    },
  ];
}

function findMails(mails: Journal<Mail>, to: string): Mail[] {
  const wanted = to.toLowerCase();
  return mails
    .all()
    .filter((mail) => wanted === '' || mail.recipients.includes(wanted))
    .reverse();
}

function keep(mail: ReceivedMail): Mail {
  return {
    id: `mail_${randomBytes(12).toString('hex')}`,
    ...mail,
    links: findLinks(mail.text, mail.html),
    received_at: new Date().toISOString(),
  };
}

import type { Context } from '../../platform/context.ts';
import type { Job } from '../jobs/index.ts';
import { sendJobName } from './operations/queue-mail.ts';
import { sendMail } from './operations/send-mail.ts';
import type { MailCarrier } from './provider.ts';
import { openSmtp } from './providers/smtp.ts';
import { deleteFinished, findDueMessages } from './store.ts';

/** Messages sent in one turn; what is left waits for the next minute. */
const batchSize = 200;
const keptMs = 90 * 86_400_000;

/** Jobs that send what is queued. The server's address is read at every turn: a sandbox learns it after its start. */
export function deliveryJobs(): Job[] {
  const carriers = createCarriers();
  return [
    {
      name: sendJobName,
      async run(context, payload) {
        const carrier = carriers.current(context);
        if (carrier) await sendMail(context, carrier, (payload as { id: string }).id);
      },
    },
    {
      name: 'delivery.send_due',
      cron: '* * * * *',
      afterMove: 'once',
      async run(context) {
        const carrier = carriers.current(context);
        if (!carrier) return;
        const due = await findDueMessages(context.database, context.clocks.wall(), batchSize);
        for (const id of due) await sendMail(context, carrier, id);
      },
    },
    {
      name: 'delivery.remove_finished',
      cron: '17 3 * * *',
      afterMove: 'never',
      async run(context) {
        const before = new Date(context.clocks.wall().getTime() - keptMs);
        await deleteFinished(context.database, before);
      },
    },
  ];
}

interface Carriers {
  current(context: Context): MailCarrier | undefined;
}

/** One connection's settings at a time; without a server's address mail stays queued, and that is said once. */
function createCarriers(): Carriers {
  let open: { url: string; carrier: MailCarrier } | undefined;
  let isSaid = false;
  return {
    current({ config, log }) {
      if (config.smtpUrl === undefined) {
        if (!isSaid && config.mode === 'live') {
          log.error('no mail leaves: set SMTP_URL; until then mails stay queued');
          isSaid = true;
        }
        return undefined;
      }
      if (open?.url !== config.smtpUrl) {
        open?.carrier.close();
        open = { url: config.smtpUrl, carrier: openSmtp(config.smtpUrl) };
      }
      return open.carrier;
    },
  };
}

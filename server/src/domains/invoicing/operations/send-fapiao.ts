import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { queueMail } from '../../delivery/index.ts';
import { findBillingDetails } from '../billing-store.ts';
import type { Fapiao } from '../core/fapiao.ts';
import { contentTypes, fapiaoFileName, fapiaoMail } from '../core/fapiao-words.ts';
import { findFile } from '../fapiao-store.ts';
import { changeFapiao } from './change-fapiao.ts';

/**
 * Mails a fapiao's file to the address that was asked for. The mail joins the transaction: it leaves when, and only
 * when, the fapiao is marked as sent.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export function sendFapiao(context: Context, id: string): Promise<Fapiao> {
  return changeFapiao(context, { id, action: 'send' }, async (fapiao, transaction) => {
    await mail(context, transaction, fapiao);
    return { sentAt: context.clocks.business() };
  });
}

async function mail(context: Context, transaction: Transaction, fapiao: Fapiao): Promise<void> {
  const file = await findFile(transaction, fapiao.id);
  invariant(file, `fapiao ${fapiao.id} was issued with its file`);
  const details = await findBillingDetails(transaction, fapiao.organizationId);
  await queueMail(context, transaction, {
    to: fapiao.title.email,
    ...fapiaoMail(fapiao, details?.locale ?? context.config.locale),
    attachments: [
      {
        name: fapiaoFileName(fapiao, file.format),
        contentType: contentTypes[file.format],
        content: file.content.toString('base64'),
      },
    ],
  });
}

import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { enqueueJob } from '../../jobs/index.ts';
import type { Mail } from '../provider.ts';
import { insertMessage } from '../store.ts';

export const sendJobName = 'delivery.send';

/** Puts a mail into the transaction; it is sent after the commit, and tried again while that fails. Answers its id. */
export async function queueMail(
  context: Context,
  transaction: Transaction,
  mail: Mail,
): Promise<string> {
  const at = context.clocks.wall();
  const id = newId('msg', at);
  const sealedContent = context.sealer.seal(JSON.stringify(mail), sealPurpose(id));
  await insertMessage(transaction, { id, sealedContent, at });
  await enqueueJob(transaction, sendJobName, { id });
  return id;
}

/** A sealed mail opens only as the message it belongs to. */
export function sealPurpose(id: string): string {
  return `delivery:${id}`;
}

import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { channelsChanged } from '../channels.ts';
import { deleteChannelRow, lockChannelRow } from '../store.ts';
import { auditValues } from './create-channel.ts';

/**
 * Removes a channel; calls in flight finish, receipts keep its id.
 * @throws Refusal `not_found`.
 */
export async function deleteChannel(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const row = await lockChannelRow(transaction, id);
    if (!row) throw notFound('channel');
    await deleteChannelRow(transaction, id);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'channel.delete',
      resource: { kind: 'channel', id },
      oldValues: auditValues(context, row),
    });
    await notify(transaction, channelsChanged, id);
  });
}

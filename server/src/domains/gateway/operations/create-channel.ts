import type { BodyOf } from '@sluice/contract/endpoint';
import type { createChannel as endpoint } from '@sluice/contract/gateway';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { channelsChanged, keyPurpose } from '../channels.ts';
import { judgeBaseUrl } from '../core/base-url.ts';
import { type ChannelRow, insertChannelRow } from '../store.ts';

/**
 * Adds an upstream channel.
 * @throws Refusal `rule_violated` for an address that no channel may have.
 */
export async function createChannel(
  context: Context,
  command: BodyOf<typeof endpoint>,
): Promise<ChannelRow> {
  const now = context.clocks.business();
  const id = newId('chn', now);
  const row: ChannelRow = {
    id,
    name: command.name,
    dialect: command.dialect,
    base_url: judgeBaseUrl(command.base_url, context.config),
    sealed_api_key: context.sealer.seal(command.api_key, keyPurpose(id)),
    models: [...new Set(command.models)],
    aliases: command.aliases ?? {},
    weight: command.weight ?? 1,
    priority: command.priority ?? 0,
    concurrency: command.concurrency ?? null,
    status: 'active',
    created_at: now,
    updated_at: now,
  };
  await inTransaction(context, async (transaction) => {
    await insertChannelRow(transaction, row);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'channel.create',
      resource: { kind: 'channel', id },
      newValues: auditValues(row),
    });
    await notify(transaction, channelsChanged, id);
  });
  return row;
}

/** What the audit log keeps of a channel: never its key. */
export function auditValues(row: ChannelRow): Record<string, unknown> {
  const { id: _, sealed_api_key: __, created_at: ___, updated_at: ____, ...values } = row;
  return values;
}

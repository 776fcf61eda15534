import type { BodyOf } from '@sluice/contract/endpoint';
import type { updateChannel as endpoint } from '@sluice/contract/gateway';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { channelsChanged, keyPurpose } from '../channels.ts';
import { judgeBaseUrl } from '../core/base-url.ts';
import { type ChannelRow, lockChannelRow, replaceChannelRow } from '../store.ts';
import { auditValues } from './create-channel.ts';

type Changes = BodyOf<typeof endpoint>;

/**
 * Changes a channel; calls in flight finish on the old settings.
 * @throws Refusal `not_found`, `rule_violated`.
 */
export async function updateChannel(
  context: Context,
  id: string,
  changes: Changes,
): Promise<ChannelRow> {
  return inTransaction(context, async (transaction) => {
    const before = await lockChannelRow(transaction, id);
    if (!before) throw notFound('channel');
    const after = applyChanges(context, before, changes);
    await replaceChannelRow(transaction, after);
    const isKeyChanged = changes.api_key !== undefined;
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'channel.update',
      resource: { kind: 'channel', id },
      oldValues: auditValues(before),
      newValues: { ...auditValues(after), ...(isKeyChanged ? { is_key_changed: true } : {}) },
    });
    await notify(transaction, channelsChanged, id);
    return after;
  });
}

function applyChanges(context: Context, before: ChannelRow, changes: Changes): ChannelRow {
  const { concurrency, base_url: baseUrl, api_key: apiKey } = changes;
  return {
    ...before,
    name: changes.name ?? before.name,
    base_url: baseUrl === undefined ? before.base_url : judgeBaseUrl(baseUrl, context.config),
    sealed_api_key:
      apiKey === undefined
        ? before.sealed_api_key
        : context.sealer.seal(apiKey, keyPurpose(before.id)),
    models: changes.models === undefined ? before.models : [...new Set(changes.models)],
    aliases: changes.aliases ?? before.aliases,
    weight: changes.weight ?? before.weight,
    priority: changes.priority ?? before.priority,
    concurrency: concurrency === undefined ? before.concurrency : concurrency,
    status: changes.status ?? before.status,
    updated_at: context.clocks.business(),
  };
}

import type { BodyOf } from '@sluice/contract/endpoint';
import type { updateChannel as endpoint } from '@sluice/contract/gateway';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { channelsChanged } from '../channels.ts';
import { judgeBaseUrl } from '../core/base-url.ts';
import { type ChannelRow, lockChannelRow, replaceChannelRow } from '../store.ts';
import { auditValues, newStoredKey, sealProxy } from './create-channel.ts';

type Changes = BodyOf<typeof endpoint>;

/**
 * Changes a channel; calls in flight finish on the old settings, with the key they began with.
 * @throws Refusal `not_found`, `rule_violated`.
 */
export async function updateChannel(
  context: Context,
  id: string,
  changes: Changes,
): Promise<ChannelRow> {
  const isKeyChanged = changes.api_key !== undefined;
  return changeChannel(context, id, {
    action: 'channel.update',
    change: (before) => applyChanges(context, before, changes),
    newValues: isKeyChanged ? { is_key_changed: true } : {},
  });
}

/** Locks a channel, replaces its row, records what changed and tells every process. */
export async function changeChannel(
  context: Context,
  id: string,
  how: {
    action: string;
    change: (before: ChannelRow) => ChannelRow;
    newValues?: Record<string, unknown>;
  },
): Promise<ChannelRow> {
  return inTransaction(context, async (transaction) => {
    const before = await lockChannelRow(transaction, id);
    if (!before) throw notFound('channel');
    const after = { ...how.change(before), updated_at: context.clocks.business() };
    await replaceChannelRow(transaction, after);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: how.action,
      resource: { kind: 'channel', id },
      oldValues: auditValues(context, before),
      newValues: { ...auditValues(context, after), ...how.newValues },
    });
    await notify(transaction, channelsChanged, id);
    return after;
  });
}

function applyChanges(context: Context, before: ChannelRow, changes: Changes): ChannelRow {
  const { concurrency, base_url: baseUrl, api_key: apiKey, proxy_url: proxyUrl, cost } = changes;
  return {
    ...before,
    name: changes.name ?? before.name,
    base_url: baseUrl === undefined ? before.base_url : judgeBaseUrl(baseUrl, context.config),
    keys: apiKey === undefined ? before.keys : [newStoredKey(context, before.id, apiKey)],
    models: changes.models === undefined ? before.models : [...new Set(changes.models)],
    aliases: changes.aliases ?? before.aliases,
    weight: changes.weight ?? before.weight,
    priority: changes.priority ?? before.priority,
    concurrency: concurrency === undefined ? before.concurrency : concurrency,
    sealed_proxy_url:
      proxyUrl === undefined ? before.sealed_proxy_url : sealProxy(context, before.id, proxyUrl),
    cost: cost === undefined ? before.cost : cost,
    status: changes.status ?? before.status,
  };
}

import type { BodyOf } from '@sluice/contract/endpoint';
import type { createChannel as endpoint } from '@sluice/contract/gateway';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { keyPurpose, proxyPurpose } from '../channel-state.ts';
import { channelsChanged } from '../channels.ts';
import { judgeBaseUrl } from '../core/base-url.ts';
import { keyPrefix } from '../core/key-prefix.ts';
import { judgeProxyUrl, shownProxyUrl } from '../core/proxy-url.ts';
import { type ChannelRow, insertChannelRow, type StoredKey } from '../store.ts';

export type ChannelCommand = BodyOf<typeof endpoint>;

/**
 * Adds an upstream channel.
 * @throws Refusal `rule_violated` for an address or a proxy that no channel may have.
 */
export async function createChannel(
  context: Context,
  command: ChannelCommand,
): Promise<ChannelRow> {
  const keys = [command.api_key];
  return inTransaction(context, (transaction) =>
    insertChannel(context, transaction, { command, keys, status: 'active' }),
  );
}

/**
 * Adds a channel that no call uses until an operator switches it on, as one that comes from another system.
 * @throws Refusal `rule_violated` for an address that no channel may have.
 */
export async function addDisabledChannel(
  context: Context,
  transaction: Transaction,
  { other_keys: others, ...command }: ChannelCommand & { other_keys: readonly string[] },
): Promise<ChannelRow> {
  const keys = [command.api_key, ...others];
  return insertChannel(context, transaction, { command, keys, status: 'disabled' });
}

async function insertChannel(
  context: Context,
  transaction: Transaction,
  {
    command,
    keys,
    status,
  }: { command: ChannelCommand; keys: readonly string[]; status: ChannelRow['status'] },
): Promise<ChannelRow> {
  const now = context.clocks.business();
  const id = newId('chn', now);
  const row: ChannelRow = {
    id,
    name: command.name,
    dialect: command.dialect,
    base_url: judgeBaseUrl(command.base_url, context.config),
    keys: keys.map((key) => newStoredKey(context, id, key)),
    models: [...new Set(command.models)],
    aliases: command.aliases ?? {},
    weight: command.weight ?? 1,
    priority: command.priority ?? 0,
    concurrency: command.concurrency ?? null,
    sealed_proxy_url: sealProxy(context, id, command.proxy_url ?? null),
    cost: command.cost ?? null,
    status,
    created_at: now,
    updated_at: now,
  };
  await insertChannelRow(transaction, row);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'channel.create',
    resource: { kind: 'channel', id },
    newValues: auditValues(context, row),
  });
  await notify(transaction, channelsChanged, id);
  return row;
}

export function newStoredKey(context: Context, channelId: string, apiKey: string): StoredKey {
  const now = context.clocks.business();
  return {
    id: newId('chk', now),
    sealed: context.sealer.seal(apiKey, keyPurpose(channelId)),
    prefix: keyPrefix(apiKey),
    created_at: now.toISOString(),
  };
}

export function sealProxy(context: Context, channelId: string, url: string | null): string | null {
  if (url === null) return null;
  return context.sealer.seal(judgeProxyUrl(url, context.config), proxyPurpose(channelId));
}

/** The proxy without its credentials. */
export function shownProxy(context: Context, row: ChannelRow): string | null {
  const { sealed_proxy_url: sealed } = row;
  return sealed === null ? null : shownProxyUrl(context.sealer.open(sealed, proxyPurpose(row.id)));
}

/** What the audit log keeps of a channel: its keys only by how they begin. */
export function auditValues(context: Context, row: ChannelRow): Record<string, unknown> {
  const { id: _, sealed_proxy_url: __, created_at: ___, updated_at: ____, keys, ...values } = row;
  return {
    ...values,
    keys: keys.map(({ id, prefix }) => ({ id, prefix })),
    proxy_url: shownProxy(context, row),
  };
}

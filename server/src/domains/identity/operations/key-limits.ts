import type { Context } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatNanos } from '../../../platform/money.ts';
import type { ApiKey, KeyLimits } from '../core/api-key.ts';
import { apiKeyLimitsChanged } from '../events.ts';
import { findApplication, findApplicationBySlug } from '../store/applications.ts';
import { findMembership } from '../store/members.ts';

/**
 * The id of an application that is named by id or slug.
 * @throws Refusal `rule_violated` where there is none.
 */
export async function resolveApplication(
  executor: Executor,
  named: string | null | undefined,
): Promise<string | null | undefined> {
  if (named === null || named === undefined) return named;
  const found = named.startsWith('app_')
    ? await findApplication(executor, named)
    : await findApplicationBySlug(executor, named);
  if (found) return found.id;
  throw new Refusal('rule_violated', 'There is no such application: check its slug or id.', {
    param: 'application',
  });
}

/** Tells whoever decides by it what a key may cost, in the transaction that changes it. */
export async function announceCaps(
  context: Context,
  transaction: Transaction,
  { id, organizationId, spendCaps }: Pick<ApiKey, 'id' | 'organizationId' | 'spendCaps'>,
): Promise<void> {
  await context.events.announce(context, transaction, apiKeyLimitsChanged, {
    organizationId,
    apiKeyId: id,
    spendCaps: presentCaps(spendCaps),
  });
}

/** What the audit log keeps of a key. */
export function keyValues(key: KeyLimits & Pick<ApiKey, 'name' | 'expiresAt'>) {
  const { rates, spendCaps } = key;
  return {
    name: key.name,
    expires_at: key.expiresAt,
    allowed_models: key.allowedModels,
    application: key.applicationId,
    ip_allowlist: key.ipAllowlist,
    rate_limits: {
      rpm: rates.requestsPerMinute,
      tpm: rates.tokensPerMinute,
      concurrency: rates.concurrency,
    },
    spend_caps: presentCaps(spendCaps),
    tags: key.tags,
  };
}

/** The same of whose it is. */
export function assignmentValues({ holder, costCenter }: Pick<ApiKey, 'holder' | 'costCenter'>) {
  return {
    user: holder.id,
    cost_center: costCenter && !costCenter.inherited ? costCenter.id : null,
  };
}

/** @throws Refusal `not_found` for whoever is not in the organization. */
export async function requireMember(
  executor: Executor,
  member: { organizationId: string; userId: string },
): Promise<void> {
  if (!(await findMembership(executor, member))) throw notFound('member', 'user');
}

export function presentCaps({ day, month, total }: KeyLimits['spendCaps']) {
  const text = (cap: bigint | null) => (cap === null ? null : formatNanos(cap));
  return { day: text(day), month: text(month), total: text(total) };
}

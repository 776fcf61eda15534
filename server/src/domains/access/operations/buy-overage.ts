import { inTransaction, type Platform, systemContext } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { parseNanos } from '../../../platform/money.ts';
import { partsOf } from '../../../platform/quantity.ts';
import { recordAudit } from '../../audit/index.ts';
import { findPlanVersion, type StoredQuota } from '../../catalog/index.ts';
import { extendQuota, type TermsBook } from '../../entitlements/index.ts';
import { chargeFunds, lockFunds } from '../../ledger/index.ts';
import { listOpenQuotas } from '../../metering/index.ts';
import type { Access } from '../access.ts';
import type { AuthorizeAnswer, AuthorizeCommand, QuotaState } from '../core/commands.ts';
import { demandOf, overageCost, overageQuota } from '../core/overage.ts';
import { stateOfCall } from '../requests-store.ts';

export interface OverageDoor {
  platform: Platform;
  access: Pick<Access, 'authorize'>;
  terms: Pick<TermsBook, 'termsOf'>;
}

/** Quotas that refuse one call, one after the other. */
const quotasMax = 8;

/**
 * Authorizes, and where a quota refuses whose plan sells more of it from the wallet, buys what is missing and asks again.
 * What was bought and not used by this call is there for the next until the window is over.
 */
export async function authorizeWithOverage(
  door: OverageDoor,
  command: AuthorizeCommand,
): Promise<AuthorizeAnswer> {
  let answer = await door.access.authorize(command);
  for (let bought = 0; bought < quotasMax; bought += 1) {
    if (answer.permitted || answer.code !== 'quota_exceeded') return answer;
    const outcome = await buyOverage(door, command, answer.quota);
    if (outcome === 'not_sold') return answer;
    if (typeof outcome !== 'string') {
      return { permitted: false, code: 'insufficient_funds', available: outcome.available };
    }
    answer = await door.access.authorize(command);
  }
  return answer;
}

/**
 * Money and quota change in one transaction behind the organization's funds, and what is missing is reckoned there: of two
 * calls the second finds what the first has left. A crash leaves both done or neither.
 */
async function buyOverage(
  { platform, terms }: OverageDoor,
  command: AuthorizeCommand,
  refused: QuotaState,
): Promise<'ask_again' | 'not_sold' | { available: bigint }> {
  const { organizationId } = command;
  const { plan } = await terms.termsOf(organizationId);
  const version = plan && (await findPlanVersion(platform.database, plan.id, plan.version));
  const sold =
    version?.offer.overage === 'wallet' ? overageQuota(version.terms.quotas, refused) : undefined;
  const demand = demandOf(command, refused.meterId);
  if (!sold || demand === 0n) return 'not_sold';
  const context = systemContext(platform, command.requestId);
  return inTransaction(context, async (transaction) => {
    await lockFunds(transaction, organizationId);
    // Asked twice at once, it may have been decided while this one waited: a repeat buys nothing.
    if ((await stateOfCall(transaction, command.requestId)) !== 'swept') return 'ask_again';
    const missing = demand - (await roomIn(transaction, command, refused));
    if (missing <= 0n) return 'ask_again';
    const amount = overageCost(missing, parseNanos(sold.price), partsOf(sold.quota.unit));
    const reference = newId('ovg', command.authorizedAt);
    if (amount > 0n) {
      const charge = { organizationId, amount, kind: 'overage', reference };
      const charged = await chargeFunds(context, transaction, charge);
      if (!charged.charged) return { available: charged.available };
    }
    const { quotaId, resetsAt: until } = refused;
    const extension = { organizationId, quotaId, amount: missing, until };
    // An override stands alone, whatever is paid: then nothing may be.
    if (!(await extendQuota(context, transaction, extension))) throw new Overridden();
    await recordAudit(context, transaction, {
      organizationId,
      action: 'quota.extend',
      resource: { kind: 'quota', id: quotaId },
      newValues: auditValues(sold.quota, { missing, amount, reference }),
    });
    return 'ask_again';
  }).catch((error: unknown) => {
    if (error instanceof Overridden) return 'not_sold';
    throw error;
  });
}

class Overridden extends Error {}

async function roomIn(
  transaction: Transaction,
  { organizationId, authorizedAt }: AuthorizeCommand,
  { quotaId }: QuotaState,
): Promise<bigint> {
  const [quota] = await listOpenQuotas(transaction, {
    ...{ organizationId, view: { all: true }, at: authorizedAt, limit: 1 },
    id: quotaId,
  });
  if (!quota || quota.limit_amount === null) return 0n;
  return quota.limit_amount - quota.used - quota.reserved;
}

function auditValues(
  { reference: meter }: StoredQuota,
  { missing, amount, reference }: { missing: bigint; amount: bigint; reference: string },
): Record<string, unknown> {
  return { meter, units: String(missing), charged: String(amount), transfer: reference };
}

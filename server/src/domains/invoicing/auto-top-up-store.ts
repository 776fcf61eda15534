/** SQL of wallets that refill themselves. */
import { type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { DeclineCode } from '../payments/index.ts';
import type { AutoTopUp, Refills } from './core/auto-top-up.ts';

interface RuleColumns {
  organization_id: string;
  enabled: boolean;
  below: bigint;
  amount_minor: bigint;
  monthly_limit_minor: bigint;
  currency: string;
  method_id: string;
  off_reason: DeclineCode | null;
  off_at: Date | null;
  updated_at: Date;
}

type Tables = {
  invoicing_auto_top_ups: RuleColumns;
  invoicing_auto_top_up_refills: {
    invoice_id: string;
    organization_id: string;
    amount_minor: bigint;
    currency: string;
    status: 'under_way' | 'paid' | 'failed';
    started_at: Date;
  };
};

const ruleColumns = [
  ...(['organization_id', 'enabled', 'below', 'amount_minor', 'monthly_limit_minor'] as const),
  ...(['currency', 'method_id', 'off_reason', 'off_at'] as const),
] as const;

const tables = (executor: Executor) => executor.withTables<Tables>();

export async function findAutoTopUp(
  executor: Executor,
  organizationId: string,
): Promise<AutoTopUp | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_auto_top_ups')
    .select(ruleColumns)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  return row && toRule(row);
}

/**
 * Those that are on, in the order of their ids, from after one of them.
 * @scope job: every wallet that may be refilled.
 */
export async function listEnabledAutoTopUps(
  executor: Executor,
  page: { after: string; limit: number },
): Promise<AutoTopUp[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_auto_top_ups')
    .select(ruleColumns)
    .where('enabled', '=', true)
    .where('organization_id', '>', page.after)
    .orderBy('organization_id')
    .limit(page.limit)
    .execute();
  return rows.map(toRule);
}

export async function saveAutoTopUp(executor: Executor, rule: AutoTopUp, at: Date): Promise<void> {
  const values = {
    enabled: rule.enabled,
    below: rule.below,
    amount_minor: rule.amount.minor,
    monthly_limit_minor: rule.monthlyLimitMinor,
    currency: rule.amount.currency,
    method_id: rule.methodId,
    off_reason: rule.off?.reason ?? null,
    off_at: rule.off?.at ?? null,
    updated_at: at,
  };
  await tables(executor)
    .insertInto('invoicing_auto_top_ups')
    .values({ organization_id: rule.organizationId, ...values })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(values))
    .execute();
}

export async function insertRefill(
  executor: Executor,
  refill: { invoiceId: string; organizationId: string; amount: AutoTopUp['amount']; at: Date },
): Promise<void> {
  await tables(executor)
    .insertInto('invoicing_auto_top_up_refills')
    .values({
      invoice_id: refill.invoiceId,
      organization_id: refill.organizationId,
      amount_minor: refill.amount.minor,
      currency: refill.amount.currency,
      status: 'under_way',
      started_at: refill.at,
    })
    .execute();
}

/**
 * Ends a refill that is under way; false for an invoice that is none.
 * @scope row: its operation found it in scope.
 */
export async function endRefill(
  executor: Executor,
  invoiceId: string,
  status: 'paid' | 'failed',
): Promise<boolean> {
  const ended = await tables(executor)
    .updateTable('invoicing_auto_top_up_refills')
    .set({ status })
    .where('invoice_id', '=', invoiceId)
    .where('status', '!=', status)
    .executeTakeFirst();
  return ended.numUpdatedRows === 1n;
}

export async function readRefills(
  executor: Executor,
  of: { organizationId: string; currency: string; since: Date },
): Promise<Refills> {
  const row = await tables(executor)
    .selectFrom('invoicing_auto_top_up_refills')
    .select([
      sql<bigint>`coalesce(sum(amount_minor) filter (
        where status <> 'failed' and currency = ${of.currency} and started_at >= ${of.since}
      ), 0)::bigint`.as('month_minor'),
      sql<boolean>`coalesce(bool_or(status = 'under_way'), false)`.as('is_under_way'),
    ])
    .where('organization_id', '=', of.organizationId)
    .where(({ eb, or }) => or([eb('started_at', '>=', of.since), eb('status', '=', 'under_way')]))
    .executeTakeFirstOrThrow();
  return { monthMinor: row.month_minor, isUnderWay: row.is_under_way };
}

function toRule(row: Selectable<Pick<RuleColumns, (typeof ruleColumns)[number]>>): AutoTopUp {
  return {
    organizationId: row.organization_id,
    enabled: row.enabled,
    below: row.below,
    amount: { minor: row.amount_minor, currency: row.currency },
    monthlyLimitMinor: row.monthly_limit_minor,
    methodId: row.method_id,
    off: row.off_reason && row.off_at ? { reason: row.off_reason, at: row.off_at } : null,
  };
}

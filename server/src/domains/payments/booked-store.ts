/** All SQL that reconciliation reads of payments, refunds and disputes. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { Booked, BookedKind } from './core/reconciliation.ts';

export interface AskedBooked {
  provider: string;
  merchant: string;
  /** What the statement's lines name. */
  references: readonly string[];
  numbers: readonly string[];
  from: Date;
  to: Date;
  reconciliationId: string;
}

interface BookedRow {
  kind: BookedKind;
  id: string;
  number: string | null;
  reference: string | null;
  minor: bigint;
  currency: string;
  status: Booked['status'];
  attempt_id: string | null;
  organization_id: string | null;
  is_expected: boolean;
}

/** Everything of ours that a statement names, or that it should name because it was booked on its day. */
export async function listBooked(executor: Executor, asked: AskedBooked): Promise<Booked[]> {
  const found = [
    ...(await listMoney(executor, asked)),
    ...(await listRefunds(executor, asked)),
    ...(await listDisputes(executor, asked)),
  ];
  return found.map((row) => ({
    ...{ kind: row.kind, id: row.id, number: row.number, reference: row.reference },
    amount: { minor: row.minor, currency: row.currency },
    ...{ status: row.status, attemptId: row.attempt_id, organizationId: row.organization_id },
    isExpected: row.is_expected,
  }));
}

/**
 * Whether a line of another day's statement speaks of it.
 * @scope deployment: a provider’s statement is of all customers.
 */
const isOnAnotherDay = (id: string, reconciliationId: string) => sql`
  exists (
    select 1
    from payments_reconciliation_items as item
    where item.booked_id = ${sql.ref(id)}
      and item.reconciliation_id <> ${reconciliationId}
      and item.line_minor is not null
  )`;

/** @scope deployment: a provider’s statement is of all customers. */
async function listMoney(executor: Executor, asked: AskedBooked): Promise<BookedRow[]> {
  const { provider, merchant, references, from, to, reconciliationId } = asked;
  const { rows } = await sql<BookedRow>`
    select 'payment' as kind, money.id, money.number, money.provider_transaction as reference,
      money.amount_minor as minor, money.currency, 'booked' as status, money.attempt_id,
      attempt.organization_id,
      money.received_at >= ${from} and money.received_at < ${to}
        and not ${isOnAnotherDay('money.id', reconciliationId)} as is_expected
    from payments_transactions as money
    left join payments_attempts as attempt on attempt.id = money.attempt_id
    where money.provider = ${provider}
      and money.merchant = ${merchant}
      and (
        money.provider_transaction = any(${[...references]}::text[])
        or (money.received_at >= ${from} and money.received_at < ${to})
      )
    order by money.id
  `.execute(executor);
  return rows;
}

/** @scope deployment: a provider’s statement is of all customers. */
async function listRefunds(executor: Executor, asked: AskedBooked): Promise<BookedRow[]> {
  const { provider, merchant, references, numbers, from, to, reconciliationId } = asked;
  const { rows } = await sql<BookedRow>`
    select 'refund' as kind, refund.id, refund.number, refund.reference,
      -refund.charged_minor as minor, refund.charged_currency as currency,
      case refund.status when 'succeeded' then 'booked' when 'failed' then 'failed' else 'pending' end as status,
      refund.attempt_id, refund.organization_id,
      refund.finished_at >= ${from} and refund.finished_at < ${to}
        and not ${isOnAnotherDay('refund.id', reconciliationId)} as is_expected
    from payments_refunds as refund
    where refund.provider = ${provider}
      and refund.merchant = ${merchant}
      and refund.destination = 'provider'
      and (
        refund.reference = any(${[...references]}::text[])
        or refund.number = any(${[...numbers]}::text[])
        or (refund.finished_at >= ${from} and refund.finished_at < ${to})
      )
    order by refund.id
  `.execute(executor);
  return rows.map((row) => ({ ...row, is_expected: row.is_expected ?? false }));
}

/**
 * Disputes are never expected: what was withheld is told of days before or after it is booked there.
 * @scope deployment: a provider’s statement is of all customers.
 */
async function listDisputes(executor: Executor, asked: AskedBooked): Promise<BookedRow[]> {
  const { provider, merchant, references } = asked;
  const { rows } = await sql<BookedRow>`
    select 'dispute' as kind, dispute.id, null as number, dispute.reference,
      -dispute.amount_minor as minor, dispute.currency, 'booked' as status,
      dispute.attempt_id, dispute.organization_id, false as is_expected
    from payments_disputes as dispute
    where dispute.provider = ${provider}
      and dispute.merchant = ${merchant}
      and dispute.reference = any(${[...references]}::text[])
    order by dispute.id
  `.execute(executor);
  return rows;
}

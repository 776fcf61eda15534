/** SQL about what an organization's payments say of it, who else pays with the same card, and who is on hold. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { AttemptStatus } from './core/attempt.ts';
import type { DeclineCode } from './core/declines.ts';

/** A payment with what of it went back or is disputed by now. */
export interface PaymentStanding {
  id: string;
  provider: string;
  status: AttemptStatus;
  declineCode: DeclineCode | null;
  /** Begun by us, with nobody waiting for it. */
  isAutomatic: boolean;
  amountMinor: bigint;
  currency: string;
  /** What refunds that are not failed give back. */
  refundedMinor: bigint;
  /** A dispute is open, or was lost. */
  isDisputed: boolean;
  createdAt: Date;
  settledAt: Date | null;
}

/** @scope row: a part of queries of payments; the dispute is the payment’s. */
const standingColumns = sql`
  a.id, a.provider, a.status, a.decline_code as "declineCode", a.is_automatic as "isAutomatic",
  a.amount_minor as "amountMinor", a.currency, a.refunded_minor as "refundedMinor",
  a.created_at as "createdAt", a.settled_at as "settledAt",
  exists (
    select 1
    from payments_disputes as d
    where d.attempt_id = a.id
      and d.status <> 'won'
  ) as "isDisputed"
`;

/** The latest payments of an organization that began at or after an instant. */
export async function listPaymentStandings(
  executor: Executor,
  { organizationId, since, limit }: { organizationId: string; since: Date; limit: number },
): Promise<PaymentStanding[]> {
  const { rows } = await sql<PaymentStanding>`
    select ${standingColumns}
    from payments_attempts as a
    where a.organization_id = ${organizationId}
      and a.created_at >= ${since}
    order by a.id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

/**
 * How payments stand that somebody remembers.
 * @scope row: of payments that risk found in scope.
 */
export async function listPaymentStandingsById(
  executor: Executor,
  ids: readonly string[],
): Promise<PaymentStanding[]> {
  const { rows } = await sql<PaymentStanding>`
    select ${standingColumns}
    from payments_attempts as a
    where a.id = any(${[...ids]}::text[])
    order by a.id
  `.execute(executor);
  return rows;
}

/** Methods that could not be stored, and why; the latest that began at or after an instant. */
export async function listDeclinedSetups(
  executor: Executor,
  { organizationId, since, limit }: { organizationId: string; since: Date; limit: number },
): Promise<{ id: string; declineCode: DeclineCode; createdAt: Date }[]> {
  const { rows } = await sql<{ id: string; declineCode: DeclineCode; createdAt: Date }>`
    select s.id, s.decline_code as "declineCode", s.created_at as "createdAt"
    from payments_setups as s
    where s.organization_id = ${organizationId}
      and s.status = 'failed'
      and s.decline_code is not null
      and s.created_at >= ${since}
    order by s.id desc
    limit ${limit}
  `.execute(executor);
  return rows;
}

export interface PayerNeighbor {
  /** Of the card or account, unreadable. */
  mark: string;
  organizationId: string;
  paidAt: Date;
}

/** Which other organizations were paid for with the same card or account since an instant, the latest first. */
export async function findPayerNeighbors(
  executor: Executor,
  { organizationId, since, limit }: { organizationId: string; since: Date; limit: number },
): Promise<PayerNeighbor[]> {
  const { rows } = await sql<PayerNeighbor>`
    select other.payer as mark, attempt.organization_id as "organizationId",
      max(other.received_at) as "paidAt"
    from payments_attempts as mine
    join payments_transactions as money on money.attempt_id = mine.id
    join payments_transactions as other on other.payer = money.payer
    join payments_attempts as attempt on attempt.id = other.attempt_id
    where mine.organization_id = ${organizationId}
      and attempt.organization_id <> ${organizationId}
      and other.received_at >= ${since}
    group by other.payer, attempt.organization_id
    order by max(other.received_at) desc, attempt.organization_id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** Whether an organization was ever paid for with a card or account that paid for one of the others. */
export async function sharesPayer(
  executor: Executor,
  { organizationId, others }: { organizationId: string; others: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql<{ shares: boolean }>`
    select exists (
      select 1
      from payments_attempts as mine
      join payments_transactions as money on money.attempt_id = mine.id
      join payments_transactions as other on other.payer = money.payer
      join payments_attempts as attempt on attempt.id = other.attempt_id
      where mine.organization_id = ${organizationId}
        and attempt.organization_id = any(${others}::text[])
    ) as shares
  `.execute(executor);
  return rows[0]?.shares ?? false;
}

/** Whether no payment may begin for an organization. */
export async function isOnHold(executor: Executor, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one from payments_holds where organization_id = ${organizationId}
  `.execute(executor);
  return rows.length > 0;
}

export async function insertHold(
  transaction: Transaction,
  hold: { organizationId: string; since: Date },
): Promise<void> {
  await sql`
    insert into payments_holds (organization_id, since)
    values (${hold.organizationId}, ${hold.since})
    on conflict (organization_id) do nothing
  `.execute(transaction);
}

export async function deleteHold(transaction: Transaction, organizationId: string): Promise<void> {
  await sql`
    delete from payments_holds where organization_id = ${organizationId}
  `.execute(transaction);
}

/** When the first payment came that is all there still, and disputed by nobody; from the wallet none comes. */
export async function findFirstSoundPayment(
  executor: Executor,
  organizationId: string,
): Promise<Date | undefined> {
  const { rows } = await sql<{ settledAt: Date | null }>`
    select min(a.settled_at) as "settledAt"
    from payments_attempts as a
    where a.organization_id = ${organizationId}
      and a.status = 'succeeded'
      and a.provider <> 'wallet'
      and a.amount_minor > 0
      and a.refunded_minor = 0
      and not exists (
        select 1
        from payments_disputes as d
        where d.attempt_id = a.id
          and d.status <> 'won'
      )
  `.execute(executor);
  return rows[0]?.settledAt ?? undefined;
}

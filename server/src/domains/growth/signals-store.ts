/** SQL about what the invited paid, and whose referral is to be looked at. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

/** A payment is kept once, at the rate of the day on which it came. */
export async function insertPayment(
  transaction: Transaction,
  payment: { paymentId: string; organizationId: string; amount: bigint; at: Date },
): Promise<void> {
  await sql`
    insert into growth_payments (payment_id, organization_id, amount, paid_at)
    values (${payment.paymentId}, ${payment.organizationId}, ${payment.amount}, ${payment.at})
    on conflict (payment_id) do nothing
  `.execute(transaction);
}

export async function listPayments(
  executor: Executor,
  organizationId: string,
): Promise<{ paymentId: string; amount: bigint; paidAt: Date }[]> {
  const { rows } = await sql<{ paymentId: string; amount: bigint; paidAt: Date }>`
    select payment_id as "paymentId", amount, paid_at as "paidAt"
    from growth_payments
    where organization_id = ${organizationId}
    order by paid_at desc, payment_id
    limit 2000
  `.execute(executor);
  return rows;
}

export async function insertPending(
  executor: Executor,
  pending: { id: string; organizationId: string },
): Promise<void> {
  await sql`
    insert into growth_pending (id, organization_id)
    values (${pending.id}, ${pending.organizationId})
  `.execute(executor);
}

/**
 * Referrals to look at: something happened, or their time has come; the longest waiting first.
 * @scope job: whatever is due, of every customer.
 */
export async function listWaiting(executor: Executor, at: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select waiting.id
    from (
      select distinct r.id
      from growth_pending as p
      join growth_referrals as r on r.invited_id = p.organization_id
      union
      select r.id
      from growth_referrals as r
      where r.state = 'pending' and r.due_at <= ${at}
    ) as waiting
    order by waiting.id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

/** What comes meanwhile waits on. */
export async function takePending(transaction: Transaction, organizationId: string): Promise<void> {
  await sql`
    delete from growth_pending where organization_id = ${organizationId}
  `.execute(transaction);
}

/** @scope job: whatever is due, of every customer. */
export async function findNextDue(executor: Executor, after: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ dueAt: Date }>`
    select due_at as "dueAt"
    from growth_referrals
    where state = 'pending' and due_at > ${after}
    order by due_at
    limit 1
  `.execute(executor);
  return rows[0]?.dueAt;
}

/** SQL about resellers, their customers, and what they earn. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Reason } from './core/referral.ts';

export interface ResellerTerms {
  shareMillionths: number;
  months: number;
  waitingDays: number;
}

export interface Reseller extends ResellerTerms {
  organizationId: string;
  status: 'active' | 'ended';
  since: Date;
}

export interface ResellerFigures extends Reseller {
  customers: number;
  /** Nano-units of the usage currency. */
  kept: bigint;
  pending: bigint;
  earned: bigint;
}

export interface Commission {
  id: string;
  paymentId: string;
  resellerId: string;
  customerId: string;
  paid: bigint;
  kept: bigint;
  shareMillionths: number;
  state: 'pending' | 'earned' | 'refused' | 'clawed_back';
  reason: Reason | null;
  paidAt: Date;
  dueAt: Date | null;
}

export interface CommissionGrant {
  commissionId: string;
  number: number;
  grantId: string;
  amount: bigint;
  takenBack: bigint;
  givenAt: Date;
}

const resellerColumns = sql`
  r.organization_id as "organizationId", r.share_millionths as "shareMillionths", r.months,
  r.waiting_days as "waitingDays", r.status, r.since
`;

const columns = sql`
  c.id, c.payment_id as "paymentId", c.reseller_id as "resellerId", c.customer_id as "customerId", c.paid, c.kept,
  c.share_millionths as "shareMillionths", c.state, c.reason, c.paid_at as "paidAt", c.due_at as "dueAt"
`;

export async function findReseller(
  executor: Executor,
  organizationId: string,
): Promise<Reseller | undefined> {
  const { rows } = await sql<Reseller>`
    select ${resellerColumns} from growth_resellers as r where r.organization_id = ${organizationId}
  `.execute(executor);
  return rows[0];
}

/** Whoever was one before goes on with the new terms. */
export async function saveReseller(transaction: Transaction, reseller: Reseller): Promise<void> {
  await sql`
    insert into growth_resellers (organization_id, share_millionths, months, waiting_days, status, since)
    values (${reseller.organizationId}, ${reseller.shareMillionths}, ${reseller.months}, ${reseller.waitingDays},
      ${reseller.status}, ${reseller.since})
    on conflict (organization_id) do update
    set share_millionths = excluded.share_millionths,
      months = excluded.months,
      waiting_days = excluded.waiting_days,
      status = excluded.status
  `.execute(transaction);
}

/**
 * With what they bring and earn, by organization.
 * @scope deployment: operators see all; an organization's own figures name it.
 */
export async function listResellerFigures(
  executor: Executor,
  page: { organizationId?: string | undefined; after?: string | undefined; limit: number },
): Promise<ResellerFigures[]> {
  const { organizationId = null, after = null, limit } = page;
  const { rows } = await sql<ResellerFigures>`
    select ${resellerColumns},
      (
        select count(*)::integer from growth_reseller_customers as k where k.reseller_id = r.organization_id
      ) as customers,
      sums.kept, sums.pending, sums.earned
    from growth_resellers as r
    cross join lateral (
      select
        coalesce(sum(c.kept), 0)::bigint as kept,
        coalesce(sum(div(c.kept::numeric * c.share_millionths, 1000000)) filter (where c.state = 'pending'), 0)::bigint
          as pending,
        (
          select coalesce(sum(g.amount - g.taken_back), 0)::bigint
          from growth_commissions as e
          join growth_commission_grants as g on g.commission_id = e.id
          where e.reseller_id = r.organization_id
        ) as earned
      from growth_commissions as c
      where c.reseller_id = r.organization_id
    ) as sums
    where (${organizationId}::text is null or r.organization_id = ${organizationId})
      and (${after}::text is null or r.organization_id > ${after})
    order by r.organization_id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** Somebody is the customer of one reseller, and was it from the beginning. */
export async function insertCustomer(
  transaction: Transaction,
  customer: { customerId: string; resellerId: string; userId: string; at: Date },
): Promise<void> {
  await sql`
    insert into growth_reseller_customers (customer_id, reseller_id, customer_user_id, signed_up_at)
    values (${customer.customerId}, ${customer.resellerId}, ${customer.userId}, ${customer.at})
    on conflict (customer_id) do nothing
  `.execute(transaction);
}

/** @scope row: of the organization that came by a reseller's code. */
export async function findCustomer(
  executor: Executor,
  customerId: string,
): Promise<{ resellerId: string; signedUpAt: Date } | undefined> {
  const { rows } = await sql<{ resellerId: string; signedUpAt: Date }>`
    select reseller_id as "resellerId", signed_up_at as "signedUpAt"
    from growth_reseller_customers
    where customer_id = ${customerId}
  `.execute(executor);
  return rows[0];
}

/**
 * The mutex of what is earned by a customer.
 * @scope row: of the organization that came by a reseller's code.
 */
export async function lockCustomer(
  transaction: Transaction,
  customerId: string,
): Promise<{ resellerId: string } | undefined> {
  const { rows } = await sql<{ resellerId: string }>`
    select reseller_id as "resellerId"
    from growth_reseller_customers
    where customer_id = ${customerId}
    for update
  `.execute(transaction);
  return rows[0];
}

/** @scope row: of commissions that were found in scope. */
export async function listCustomerUsers(
  executor: Executor,
  customerIds: readonly string[],
): Promise<{ customerId: string; userId: string }[]> {
  const { rows } = await sql<{ customerId: string; userId: string }>`
    select customer_id as "customerId", customer_user_id as "userId"
    from growth_reseller_customers
    where customer_id = any(${[...customerIds]}::text[])
  `.execute(executor);
  return rows;
}

/** A payment brings one commission. */
export async function insertCommission(
  transaction: Transaction,
  commission: Omit<Commission, 'state' | 'reason' | 'kept' | 'dueAt'> & { dueAt: Date },
): Promise<void> {
  const { id, paymentId, resellerId, customerId, paid, shareMillionths } = commission;
  await sql`
    insert into growth_commissions
      (id, payment_id, reseller_id, customer_id, paid, kept, share_millionths, state, paid_at, due_at)
    values
      (${id}, ${paymentId}, ${resellerId}, ${customerId}, ${paid}, ${paid}, ${shareMillionths}, 'pending',
       ${commission.paidAt}, ${commission.dueAt})
    on conflict (payment_id) do nothing
  `.execute(transaction);
}

/**
 * A customer's, but for those that are refused for good.
 * @scope row: of the organization that came by a reseller’s code.
 */
export async function listJudgeable(
  transaction: Transaction,
  customerId: string,
): Promise<Commission[]> {
  const { rows } = await sql<Commission>`
    select ${columns}
    from growth_commissions as c
    where c.customer_id = ${customerId}
      and not (c.state = 'refused' and c.reason not in ('refunded', 'disputed'))
    order by c.id
  `.execute(transaction);
  return rows;
}

export async function saveCommission(
  transaction: Transaction,
  commission: Commission,
): Promise<void> {
  await sql`
    update growth_commissions
    set kept = ${commission.kept}, state = ${commission.state}, reason = ${commission.reason},
      due_at = ${commission.dueAt}
    where id = ${commission.id}
  `.execute(transaction);
}

/** @scope row: of commissions that were found in scope. */
export async function listGrants(
  executor: Executor,
  commissionIds: readonly string[],
): Promise<CommissionGrant[]> {
  const { rows } = await sql<CommissionGrant>`
    select commission_id as "commissionId", number, grant_id as "grantId", amount, taken_back as "takenBack",
      given_at as "givenAt"
    from growth_commission_grants
    where commission_id = any(${[...commissionIds]}::text[])
    order by commission_id, number
  `.execute(executor);
  return rows;
}

export async function insertCommissionGrant(
  transaction: Transaction,
  grant: CommissionGrant,
): Promise<void> {
  await sql`
    insert into growth_commission_grants (commission_id, number, grant_id, amount, taken_back, given_at)
    values (${grant.commissionId}, ${grant.number}, ${grant.grantId}, ${grant.amount}, ${grant.takenBack},
      ${grant.givenAt})
  `.execute(transaction);
}

export async function saveGrantTakenBack(
  transaction: Transaction,
  { commissionId, number, takenBack }: CommissionGrant,
): Promise<void> {
  await sql`
    update growth_commission_grants
    set taken_back = ${takenBack}
    where commission_id = ${commissionId} and number = ${number}
  `.execute(transaction);
}

/**
 * Customers by whom something may have been earned: their payments changed, or the waiting time of one is over.
 * @scope job: whatever is due, of every customer.
 */
export async function listWaitingCustomers(
  executor: Executor,
  at: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ customerId: string }>`
    select customer_id as "customerId"
    from (
      select k.customer_id
      from growth_pending as p
      join growth_reseller_customers as k on k.customer_id = p.organization_id
      union
      select c.customer_id
      from growth_commissions as c
      where c.state = 'pending' and c.due_at <= ${at}
    ) as waiting
    order by customer_id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ customerId }) => customerId);
}

/** @scope job: whatever is due, of every customer. */
export async function findNextCommissionDue(
  executor: Executor,
  after: Date,
): Promise<Date | undefined> {
  const { rows } = await sql<{ dueAt: Date }>`
    select due_at as "dueAt"
    from growth_commissions
    where state = 'pending' and due_at > ${after}
    order by due_at
    limit 1
  `.execute(executor);
  return rows[0]?.dueAt;
}

export interface CommissionPage {
  resellerId?: string | undefined;
  /** Reseller or customer. */
  organizationId?: string | undefined;
  state?: Commission['state'] | undefined;
  before: string | undefined;
  limit: number;
}

/** @scope deployment: operators list all; a reseller’s list names it. */
export async function listCommissionRows(
  executor: Executor,
  page: CommissionPage,
): Promise<Commission[]> {
  const { resellerId = null, organizationId = null, state = null, before = null } = page;
  const { rows } = await sql<Commission>`
    select ${columns}
    from growth_commissions as c
    where (${resellerId}::text is null or c.reseller_id = ${resellerId})
      and (${organizationId}::text is null or ${organizationId} in (c.reseller_id, c.customer_id))
      and (${state}::text is null or c.state = ${state})
      and (${before}::text is null or c.id < ${before})
    order by c.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

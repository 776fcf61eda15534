/** All SQL about what an account moved over all organizations. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';

export interface Movement {
  /** What is behind it: the id of a payment, a refund, a dispute. */
  reference: string;
  currency: string;
  /** In nano-units: what was debited less what was credited. */
  debited: bigint;
}

/**
 * What a clearing account was debited in `[from, to)`, by what is behind it, without the kinds that are left out.
 * @scope deployment: a provider’s account is of all customers.
 */
export async function listClearingMovements(
  executor: Executor,
  asked: { account: `clearing:${string}`; from: Date; to: Date; without: readonly string[] },
): Promise<Movement[]> {
  const { account, from, to, without } = asked;
  const { rows } = await sql<Movement>`
    select reference, currency, sum(case when debit = ${account} then amount else -amount end)::bigint as debited
    from ledger_transfers
    where (debit like 'clearing:%' or credit like 'clearing:%')
      and (debit = ${account} or credit = ${account})
      and id >= ${idAt('trf', from)}
      and id < ${idAt('trf', to)}
      and not kind = any(${[...without]}::text[])
    group by reference, currency
    order by reference, currency
  `.execute(executor);
  return rows;
}

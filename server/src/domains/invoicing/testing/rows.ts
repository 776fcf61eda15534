/** Looks into the tables of payments for tests. */
import type { Database } from '../../../platform/database/pool.ts';

type Rows = {
  payments_inbox: {
    id: string;
    provider: string;
    method: string;
    query: string;
    headers: Record<string, string>;
    body: Buffer;
    outcome: string;
    deliveries: number;
  };
  payments_unapplied: {
    id: string;
    organization_id: string | null;
    reason: string;
    amount_minor: bigint;
    currency: string;
  };
  payments_attempts: { id: string; queries: number; status: string };
};

export async function readInbox(database: Database): Promise<Omit<Rows['payments_inbox'], 'id'>[]> {
  return database
    .withTables<Rows>()
    .selectFrom('payments_inbox')
    .select(['provider', 'method', 'query', 'headers', 'body', 'outcome', 'deliveries'])
    .orderBy('id')
    .execute();
}

/** Parked money, oldest first: `{organization, reason, amount}`. */
export async function readUnapplied(database: Database) {
  const rows = await database
    .withTables<Rows>()
    .selectFrom('payments_unapplied')
    .select(['organization_id', 'reason', 'amount_minor', 'currency'])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    organization: row.organization_id,
    reason: row.reason,
    amount: `${row.amount_minor} ${row.currency}`,
  }));
}

export async function readAttempt(database: Database, id: string) {
  return database
    .withTables<Rows>()
    .selectFrom('payments_attempts')
    .select(['status', 'queries'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** All SQL about what providers told us. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export type InboxOutcome =
  | 'received'
  | 'settled'
  | 'repeated'
  | 'parked'
  | 'ignored'
  | 'unconfirmed'
  | 'refused';

type InboxTables = {
  payments_inbox: {
    id: string;
    provider: string;
    digest: string;
    method: string;
    query: string;
    headers: Record<string, unknown>;
    body: Buffer;
    outcome: InboxOutcome;
    deliveries: number;
    received_at: Date;
    last_received_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<InboxTables>();

export interface StoredNotification {
  id: string;
  provider: string;
  digest: string;
  method: string;
  query: string;
  headers: Record<string, unknown>;
  body: Buffer;
  receivedAt: Date;
}

/** Stores what came, or counts one more delivery of the same bytes; answers what became of them so far. */
export async function storeNotification(
  executor: Executor,
  { receivedAt, ...notification }: StoredNotification,
): Promise<{ id: string; outcome: InboxOutcome }> {
  return tables(executor)
    .insertInto('payments_inbox')
    .values({
      ...notification,
      outcome: 'received',
      deliveries: 1,
      received_at: receivedAt,
      last_received_at: receivedAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['provider', 'digest']).doUpdateSet({
        deliveries: sql`payments_inbox.deliveries + 1`,
        last_received_at: receivedAt,
      }),
    )
    .returning(['id', 'outcome'])
    .executeTakeFirstOrThrow();
}

/** Keeps what became of it; of two that handle the same one at once, the first to be done has the last word. */
export async function saveInboxOutcome(
  executor: Executor,
  id: string,
  outcome: InboxOutcome,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_inbox')
    .set({ outcome })
    .where('id', '=', id)
    .where('outcome', 'in', ['received', 'unconfirmed', 'refused'])
    .execute();
}

/** Removes notifications that nobody will ask about again; what was refused may be anybody's noise, and goes earlier. */
export async function removeNotifications(
  executor: Executor,
  before: { understood: Date; refused: Date },
): Promise<void> {
  await tables(executor)
    .deleteFrom('payments_inbox')
    .where(({ eb, and, or }) =>
      or([
        eb('received_at', '<', before.understood),
        and([eb('outcome', '=', 'refused'), eb('received_at', '<', before.refused)]),
      ]),
    )
    .execute();
}

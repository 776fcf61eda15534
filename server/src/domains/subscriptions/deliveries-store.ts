/** SQL of what is earned day by day. */
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';

type Tables = {
  subscriptions_deliveries: {
    invoice_id: string;
    line: number;
    organization_id: string;
    subscription_id: string;
    currency: string;
    amount_minor: bigint;
    starts_at: Date;
    days: number;
    time_zone: string;
    recognized_days: number;
    recognized_minor: bigint;
    next_recognition_at: Date | null;
  };
};

export interface Delivery {
  invoiceId: string;
  line: number;
  organizationId: string;
  subscriptionId: string;
  currency: string;
  /** Negative for what a change gave back within an invoice. */
  amountMinor: bigint;
  startsAt: Date;
  days: number;
  timeZone: string;
  recognizedDays: number;
  recognizedMinor: bigint;
}

const tables = (executor: Executor) => executor.withTables<Tables>();

/** Answers false where the line is delivered already. */
export const insertDelivery = gathered(
  async (executor, asked: readonly { delivery: Delivery; nextAt: Date | null }[]) => {
    const added = await tables(executor)
      .insertInto('subscriptions_deliveries')
      .values(asked.map(toRow))
      .onConflict((conflict) => conflict.columns(['invoice_id', 'line']).doNothing())
      .returning(['invoice_id', 'line'])
      .execute();
    const names = new Set(added.map(({ invoice_id, line }) => `${invoice_id} ${line}`));
    return asked.map(({ delivery }) => names.has(`${delivery.invoiceId} ${delivery.line}`));
  },
);

function toRow({ delivery, nextAt }: { delivery: Delivery; nextAt: Date | null }) {
  return {
    invoice_id: delivery.invoiceId,
    line: delivery.line,
    organization_id: delivery.organizationId,
    subscription_id: delivery.subscriptionId,
    currency: delivery.currency,
    amount_minor: delivery.amountMinor,
    starts_at: delivery.startsAt,
    days: delivery.days,
    time_zone: delivery.timeZone,
    recognized_days: delivery.recognizedDays,
    recognized_minor: delivery.recognizedMinor,
    next_recognition_at: nextAt,
  };
}

/**
 * Those of which more is earned by now, `invoice line` each, in the order in which it was.
 * @scope job: whatever was delivered, of every customer.
 */
export async function listRecognizable(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<{ invoiceId: string; line: number }[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_deliveries')
    .select(['invoice_id', 'line'])
    .where('next_recognition_at', '<=', now)
    .orderBy('next_recognition_at')
    .orderBy('invoice_id')
    .orderBy('line')
    .limit(limit)
    .execute();
  return rows.map(({ invoice_id: invoiceId, line }) => ({ invoiceId, line }));
}

/** @scope row: its operation found it. */
export async function lockDelivery(
  executor: Executor,
  { invoiceId, line }: { invoiceId: string; line: number },
): Promise<Delivery | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_deliveries')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .where('line', '=', line)
    .forUpdate()
    .executeTakeFirst();
  return (
    row && {
      invoiceId: row.invoice_id,
      line: row.line,
      organizationId: row.organization_id,
      subscriptionId: row.subscription_id,
      currency: row.currency,
      amountMinor: row.amount_minor,
      startsAt: row.starts_at,
      days: row.days,
      timeZone: row.time_zone,
      recognizedDays: row.recognized_days,
      recognizedMinor: row.recognized_minor,
    }
  );
}

export async function saveDelivery(
  executor: Executor,
  { invoiceId, line }: { invoiceId: string; line: number },
  recognized: { days: number; minor: bigint; nextAt: Date | null },
): Promise<void> {
  await tables(executor)
    .updateTable('subscriptions_deliveries')
    .set({
      recognized_days: recognized.days,
      recognized_minor: recognized.minor,
      next_recognition_at: recognized.nextAt,
    })
    .where('invoice_id', '=', invoiceId)
    .where('line', '=', line)
    .execute();
}

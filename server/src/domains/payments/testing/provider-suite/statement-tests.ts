import { expect } from 'vitest';
import type { StatementLine, StatementOutcome } from '../../provider.ts';
import { refundOf } from './fault-tests.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import type { Stage } from './stage.ts';

const hourMs = 3_600_000;

/** Statements: what a day's payments, refunds and fees were, in the provider's own calendar. */
export function statementTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const skipped = harness.provider.capabilities.statements ? undefined : 'it hands out none';
  const { timeZone = 'UTC', readyAfterHours = 0 } = harness.statement ?? {};
  const dayOf = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone });
  /** Reads the statement of a day when it can be had. */
  const read = async (date: string): Promise<StatementOutcome | undefined> => {
    const { connection, moveClock } = stage();
    const now = new Date();
    await moveClock(new Date(now.getTime() + (readyAfterHours + 24) * hourMs));
    const statement = await connection.statement?.({ date });
    await moveClock(now);
    return statement;
  };
  return [
    {
      name: 'lists the payment of a day, with its amount and its fee',
      skipped,
      async run() {
        const { order, money } = await stage().payInSilence();
        const lines = linesOf(await read(dayOf(new Date())));
        const payment = lines.find(({ number }) => number === order.number);
        expect(payment).toMatchObject({
          kind: 'payment',
          providerTransaction: money.providerTransaction,
          amount: order.charged,
        });
        expect(payment?.fee?.minor ?? 0n).toBeGreaterThanOrEqual(0n);
      },
    },
    {
      name: 'lists the refund of a day, signed as money that went',
      skipped:
        skipped ?? (harness.provider.capabilities.refunds === 'none' ? 'no refunds' : undefined),
      async run() {
        const { connection, payInSilence } = stage();
        const paid = await payInSilence();
        const refund = refundOf(paid);
        await connection.refund?.(refund);
        const lines = linesOf(await read(dayOf(new Date())));
        const { minor, currency } = refund.amount;
        const refunds = lines.filter(({ kind, number, providerTransaction }) => {
          const isOurs = [refund.number, paid.order.number].includes(String(number));
          return (
            kind === 'refund' && (isOurs || providerTransaction === paid.money.providerTransaction)
          );
        });
        expect(refunds.map(({ amount }) => amount)).toEqual([{ minor: -minor, currency }]);
      },
    },
    {
      name: 'lists nothing on a day on which nothing was',
      skipped,
      async run() {
        const quiet = new Date(Date.now() - 20 * 24 * hourMs);
        expect(linesOf(await read(dayOf(quiet)))).toEqual([]);
      },
    },
    {
      name: 'is not ready for a day that has not ended',
      skipped: skipped ?? (readyAfterHours > 0 ? undefined : 'it can be had at any time'),
      async run() {
        await stage().payInSilence();
        const date = dayOf(new Date(Date.now() + 24 * hourMs));
        const statement = await stage().connection.statement?.({ date });
        expect(statement).toEqual({ status: 'not_ready' });
      },
    },
  ];
}

function linesOf(statement: StatementOutcome | undefined): StatementLine[] {
  expect(statement).toMatchObject({ status: 'ready' });
  if (statement?.status !== 'ready') return [];
  const hours = (statement.to.getTime() - statement.from.getTime()) / hourMs;
  expect(hours).toBeGreaterThanOrEqual(23);
  expect(hours).toBeLessThanOrEqual(25);
  for (const { at } of statement.lines) {
    expect(at.getTime()).toBeGreaterThanOrEqual(statement.from.getTime());
    expect(at.getTime()).toBeLessThan(statement.to.getTime());
  }
  return statement.lines;
}

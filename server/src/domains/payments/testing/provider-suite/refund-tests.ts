import { expect } from 'vitest';
import type { RefundOrder } from '../../provider.ts';
import { refundOf } from './fault-tests.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import type { Paid, Stage } from './stage.ts';

/** Refunds: in whole or part as declared, once for each number, never more than was paid. */
export function refundTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const { refunds } = harness.provider.capabilities;
  const skipped = refunds === 'none' ? 'it refunds nothing' : undefined;
  return [
    ...wholeTests(stage, harness),
    ...partTests(stage, harness),
    ...troubleTests(stage),
    ...newsTests(stage, harness),
  ].map((test) => ({ ...test, skipped: skipped ?? test.skipped }));
}

function wholeTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [
    {
      name: 'refunds a payment in whole',
      async run() {
        const { connection, payInSilence } = stage();
        const refund = refundOf(await payInSilence());
        const outcome = await connection.refund?.(refund);
        expect(outcome?.status).toMatch(/^(succeeded|pending)$/);
        expect(await connection.findRefund?.(refund)).toMatchObject(referenceOf(outcome));
      },
    },
    {
      name: 'makes one refund of a number that is sent twice, at once and after a restart',
      async run() {
        const { connect, connection, payInSilence } = stage();
        const refund = refundOf(await payInSilence());
        const outcomes = [
          ...(await Promise.all([connection.refund?.(refund), connection.refund?.(refund)])),
          await connect().refund?.(refund),
        ];
        // One of two at once may have been told to come again; the last one knows.
        const last = outcomes.at(-1);
        expect(last?.status).toMatch(/^(succeeded|pending)$/);
        for (const outcome of outcomes.filter((each) => each?.status !== 'unknown')) {
          expect(outcome).toMatchObject(referenceOf(last));
        }
        expect(await connection.findRefund?.(refund)).toMatchObject(referenceOf(last));
      },
    },
    {
      name: 'refunds nothing that was refunded already',
      skipped: harness.numbersNoRefunds
        ? 'it cannot tell a second refund from the first'
        : undefined,
      async run() {
        const { connection, payInSilence } = stage();
        const paid = await payInSilence();
        await connection.refund?.(refundOf(paid));
        const second = refundOf(paid);
        expect(await connection.refund?.(second)).toMatchObject({ status: 'failed' });
      },
    },
    {
      name: 'finds no refund that was never made',
      async run() {
        const { connection, payInSilence } = stage();
        const refund = refundOf(await payInSilence());
        expect(await connection.findRefund?.(refund)).toEqual({ status: 'absent' });
      },
    },
  ];
}

function partTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const isPart = harness.provider.capabilities.refunds === 'part';
  return [
    {
      name: 'refunds a part, another part, and not a unit more than is left',
      skipped: isPart ? undefined : 'it refunds only in whole',
      async run() {
        const { connection, payInSilence } = stage();
        const paid = await payInSilence();
        const whole = paid.order.charged.minor;
        const first = whole / 4n;
        const outcomes = [
          await connection.refund?.(partOf(paid, first)),
          await connection.refund?.(partOf(paid, whole - first - 1n)),
        ];
        for (const outcome of outcomes) expect(outcome?.status).toMatch(/^(succeeded|pending)$/);
        expect(await connection.refund?.(partOf(paid, 2n))).toMatchObject({ status: 'failed' });
        const rest = await connection.refund?.(partOf(paid, 1n));
        expect(rest?.status).toMatch(/^(succeeded|pending)$/);
      },
    },
    {
      name: 'refunds no part, and says so for certain',
      skipped: isPart ? 'it refunds in part' : undefined,
      async run() {
        const { connection, payInSilence } = stage();
        const paid = await payInSilence();
        const part = partOf(paid, paid.order.charged.minor - 1n);
        expect(await connection.refund?.(part)).toMatchObject({ status: 'failed' });
        const whole = await connection.refund?.(refundOf(paid));
        expect(whole?.status).toMatch(/^(succeeded|pending)$/);
      },
    },
  ];
}

function troubleTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'does not know of a refund whose answer was lost, and finds it',
      async run() {
        const { connection, payInSilence, wire } = stage();
        const refund = refundOf(await payInSilence());
        wire.disturb('lost');
        const lost = await connection.refund?.(refund);
        wire.disturb(undefined);
        expect(lost).toEqual({ status: 'unknown' });
        const found = await connection.findRefund?.(refund);
        expect(found?.status).toMatch(/^(succeeded|pending)$/);
        expect((await connection.refund?.(refund))?.status).toBe(found?.status);
      },
    },
    {
      name: 'says for certain that a refund is refused, without telling of money',
      async run() {
        const { connection, payInSilence, steer } = stage();
        const paid = await payInSilence();
        await steer(paid.order.number, { refund: 'refuse', notify: 'none' });
        const refund = refundOf(paid);
        const refused = await connection.refund?.(refund);
        expect(refused).toMatchObject({ status: 'failed' });
        expect(refused?.status === 'failed' && refused.reason.trim()).toBeTruthy();
        expect((await connection.findRefund?.(refund))?.status).toMatch(/^(absent|failed)$/);
      },
    },
  ];
}

function newsTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const skipped = harness.tellsOfRefunds ? undefined : 'it tells of no refunds';
  return [
    {
      name: 'understands the news of our refund',
      skipped,
      async run() {
        const { connection, payInSilence, steer, hear, understand, ear } = stage();
        const paid = await payInSilence();
        await steer(paid.order.number, { notify: 'normal' });
        const since = ear.heard().length;
        const refund = refundOf(paid);
        await connection.refund?.(refund);
        const notification = await hear(since, ({ kind }) => kind === 'refund');
        const meaning = await understand(notification);
        expect(meaning).toMatchObject({
          kind: 'refund',
          refund: { number: refund.number, amount: refund.amount },
        });
      },
    },
    {
      name: 'understands that a refund was made there, without us',
      skipped,
      async run() {
        const { payInSilence, steer, post, hear, understand, ear } = stage();
        const paid = await payInSilence();
        await steer(paid.order.number, { notify: 'normal' });
        const since = ear.heard().length;
        expect(await post(`/orders/${paid.order.number}/refund`)).toBe(200);
        const notification = await hear(since, ({ kind }) => kind === 'refund');
        expect(await understand(notification)).toMatchObject({
          kind: 'refund',
          refund: { number: null, amount: paid.order.charged },
        });
      },
    },
    {
      name: 'understands that a payment is disputed',
      skipped: harness.provider.capabilities.disputes ? undefined : 'it has no disputes',
      async run() {
        const { payInSilence, steer, post, hear, understand, ear } = stage();
        const paid = await payInSilence();
        await steer(paid.order.number, { notify: 'normal' });
        const since = ear.heard().length;
        expect(await post(`/orders/${paid.order.number}/dispute`)).toBe(200);
        const meaning = await understand(await hear(since, ({ kind }) => kind === 'dispute'));
        expect(meaning).toMatchObject({ dispute: { amount: paid.order.charged } });
      },
    },
  ];
}

function partOf(paid: Paid, minor: bigint): RefundOrder {
  const { currency } = paid.order.charged;
  return { ...refundOf(paid), amount: { minor, currency } };
}

/** What stays the same of a refund, whether it is done or still under way. */
function referenceOf(outcome: { status: string; reference?: string } | undefined) {
  expect(outcome?.reference).toBeTruthy();
  return { reference: outcome?.reference };
}

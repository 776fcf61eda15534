import { expect } from 'vitest';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import { drawNumber, type Stage } from './stage.ts';

/** Orders from their start to their money, their decline or their end. */
export function paymentTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [...journeyTests(stage, harness), ...identityTests(stage), ...endTests(stage, harness)];
}

function journeyTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [
    {
      name: 'starts an order, and finds what was paid for it',
      async run() {
        const { payInSilence, connection } = stage();
        const { order, money } = await payInSilence();
        expect(money).toMatchObject({
          number: order.number,
          merchant: connection.merchant,
          amount: order.charged,
        });
        expect(money.providerTransaction).toMatch(/^[\w.-]{4,64}$/);
      },
    },
    ...(harness.provider.means ?? []).map(({ id }) => ({
      name: `can be paid by ${id}`,
      async run() {
        const { payInSilence, order } = stage();
        const paid = await payInSilence({ ...order(), means: id });
        expect(paid.money.amount).toEqual(paid.order.charged);
      },
    })),
    {
      name: 'finds nothing before the payer came, and nothing wrong',
      async run() {
        const { connection, order } = stage();
        const ordered = order();
        const { number, charged } = ordered;
        const nobody = { number: drawNumber(), reference: null, charged, mayCapture: true };
        expect((await connection.find(nobody)).status).toMatch(/^(absent|unknown)$/);
        const outcome = await connection.start(ordered);
        const reference = (outcome.status === 'pending' && outcome.reference) || null;
        const found = await connection.find({ ...nobody, number, reference });
        expect(found.status).toMatch(/^(absent|pending)$/);
      },
    },
    {
      name: 'never says anything wrong of an order whose reference was lost',
      async run() {
        const { connection, payInSilence } = stage();
        const { asked, money } = await payInSilence();
        const found = await connection.find({ ...asked, reference: null });
        if (found.status === 'succeeded') expect(found.money).toEqual(money);
        else expect(found.status).toMatch(/^(absent|unknown|pending)$/);
      },
    },
    {
      name: 'says of a declined order what it is, in a standard code where it says why',
      async run() {
        const { connection, order, start, steer } = stage();
        const started = await start(order());
        await steer(started.order.number, { outcome: 'declined', notify: 'none' });
        const { afterDecline } = harness;
        const found = await connection.find(started.asked);
        // Where the page stays open for another try, why the last one failed may be said.
        if (afterDecline === 'pending') expect(found).toMatchObject({ status: 'pending' });
        else expect(found).toEqual({ status: 'declined', code: afterDecline });
      },
    },
    {
      name: 'says of an abandoned order that it is pending',
      async run() {
        const { connection, order, start, steer } = stage();
        const started = await start(order());
        await steer(started.order.number, { outcome: 'abandoned', notify: 'none' });
        expect(await connection.find(started.asked)).toEqual({ status: 'pending' });
      },
    },
  ];
}

function identityTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'makes one order of a number that is started twice, at once and after a restart',
      async run() {
        const { connection, connect, order, arrive, steer, recordsOf } = stage();
        const ordered = order();
        const outcomes = await Promise.all([connection.start(ordered), connection.start(ordered)]);
        outcomes.push(await connect().start(ordered));
        for (const outcome of outcomes) {
          if (outcome.status === 'pending') await arrive(outcome.next);
        }
        expect(outcomes.at(-1)).toMatchObject({ status: 'pending' });
        expect(await recordsOf(ordered.number)).toBe(1);
        expect(await steer(ordered.number, { outcome: 'paid', notify: 'none' })).toBe(200);
      },
    },
    {
      name: 'finds one transaction, however often it is asked',
      async run() {
        const { connection, connect, payInSilence } = stage();
        const { asked, money } = await payInSilence();
        const answers = await Promise.all(
          [connection, connection, connect()].map((each) => each.find(asked)),
        );
        for (const answer of answers) expect(answer).toMatchObject({ status: 'succeeded', money });
      },
    },
    {
      name: 'gives two orders two transactions',
      async run() {
        const { payInSilence } = stage();
        const [first, second] = [await payInSilence(), await payInSilence()];
        expect(first.money.providerTransaction).not.toBe(second.money.providerTransaction);
      },
    },
  ];
}

function endTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const { closes } = harness.provider.capabilities;
  const skipped = closes ? undefined : 'it closes no orders';
  return [
    {
      name: 'declares exactly what it can do',
      run() {
        const { connection } = stage();
        const { capabilities } = harness.provider;
        expect(connection.close !== undefined).toBe(capabilities.closes);
        expect(connection.refund !== undefined).toBe(capabilities.refunds !== 'none');
        expect(connection.findRefund !== undefined).toBe(capabilities.refunds !== 'none');
        expect(connection.methods !== undefined).toBe(capabilities.stores);
        expect(connection.statement !== undefined).toBe(capabilities.statements);
      },
    },
    {
      name: 'closes an order, and nobody can pay it any more',
      skipped,
      async run() {
        const { connection, order, start, steer } = stage();
        const started = await start(order());
        expect(await connection.close?.(started.asked)).toEqual({ status: 'closed' });
        await steer(started.order.number, { outcome: 'paid', notify: 'none' });
        expect((await connection.find(started.asked)).status).not.toBe('succeeded');
        expect(await connection.close?.(started.asked)).toEqual({ status: 'closed' });
      },
    },
    {
      name: 'closes an order to which the payer never came',
      skipped,
      async run() {
        const { connection, order } = stage();
        const { number, charged } = order();
        const asked = { number, reference: null, charged, mayCapture: true };
        expect((await connection.close?.(asked))?.status).toMatch(/^(closed|unknown)$/);
      },
    },
    {
      name: 'says that a paid order cannot be closed',
      skipped,
      async run() {
        const { connection, payInSilence } = stage();
        const { asked, money } = await payInSilence();
        expect(await connection.close?.(asked)).toEqual({ status: 'paid' });
        expect(await connection.find(asked)).toMatchObject({ status: 'succeeded', money });
      },
    },
    {
      name: 'captures nothing for which nobody waits any more',
      skipped: harness.capturesWhenFound ? undefined : 'its money moves without us',
      async run() {
        const { connection, order, start, steer } = stage();
        const started = await start(order());
        await steer(started.order.number, { outcome: 'paid', notify: 'none' });
        const late = { ...started.asked, mayCapture: false };
        expect((await connection.find(late)).status).not.toBe('succeeded');
        expect(await connection.find(started.asked)).toMatchObject({ status: 'succeeded' });
        expect(await connection.find(late)).toMatchObject({ status: 'succeeded' });
      },
    },
  ];
}

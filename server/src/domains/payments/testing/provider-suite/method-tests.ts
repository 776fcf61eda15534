import { expect } from 'vitest';
import type { SavedMethod } from '../../provider.ts';
import { setUpOf } from './fault-tests.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import type { Stage } from './stage.ts';

/** Stored methods: kept with a payment or without one, charged without the payer, and forgotten. */
export function methodTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const skipped = harness.provider.capabilities.stores ? undefined : 'it stores no methods';
  const tests = [...keepingTests(stage), ...chargeTests(stage), ...declineTests(stage, harness)];
  return tests.map((test) => ({ ...test, skipped }));
}

function keepingTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'stores a method without a payment',
      async run() {
        expectMethod(await storeMethod(stage()));
      },
    },
    {
      name: 'stores the method of a payment whose payer wants it kept',
      async run() {
        const { connection, payInSilence, order } = stage();
        const { asked, money } = await payInSilence({ ...order(), savesMethod: true });
        const found = await connection.find(asked);
        expect(found).toMatchObject({ status: 'succeeded', money });
        expectMethod(found.status === 'succeeded' ? found.method : undefined);
      },
    },
    {
      name: 'keeps no method that nobody wants kept',
      async run() {
        const { connection, payInSilence } = stage();
        const { asked } = await payInSilence();
        const found = await connection.find(asked);
        expect(found.status === 'succeeded' && found.method).toBeUndefined();
      },
    },
    {
      name: 'finds a stored method as it was stored, and says of one that is gone that it is gone',
      async run() {
        const { connection, wire } = stage();
        const method = await storeMethod(stage());
        expect(await connection.methods?.find(method)).toEqual({ status: 'stored', method });
        wire.disturb('down');
        expect(await connection.methods?.find(method)).toEqual({ status: 'unknown' });
        wire.disturb(undefined);
        await connection.methods?.remove(method);
        expect(await connection.methods?.find(method)).toEqual({ status: 'removed' });
      },
    },
    {
      name: 'forgets a method, and one that is gone is forgotten',
      async run() {
        const { connection } = stage();
        const method = await storeMethod(stage());
        expect(await connection.methods?.remove(method)).toBe('removed');
        expect(await connection.methods?.remove(method)).toBe('removed');
        const charged = await connection.methods?.charge(orderWith(stage(), method), method);
        expect(charged).toMatchObject({ status: 'declined', code: 'method_unusable' });
      },
    },
  ];
}

function chargeTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'charges a stored method, once for each number, and finds what it charged',
      async run() {
        const { connection, connect } = stage();
        const method = await storeMethod(stage());
        const order = orderWith(stage(), method);
        const { methods } = connection;
        const first = await methods?.charge(order, method);
        expect(first?.status).toMatch(/^(succeeded|processing)$/);
        const again = await connect().methods?.charge(order, method);
        expect(again).toEqual(first);
        const reference = (first && 'reference' in first && first.reference) || null;
        const { number, charged } = order;
        const found = await connection.find({ number, reference, charged, mayCapture: true });
        expect(found).toMatchObject(first?.status === 'succeeded' ? { money: first.money } : {});
        if (first?.status === 'succeeded') expect(first.money.amount).toEqual(charged);
      },
    },
    {
      name: 'says of a charge under way that it is under way',
      async run() {
        const { connection, steer } = stage();
        const method = await storeMethod(stage());
        const order = orderWith(stage(), method);
        await steer(order.number, { charge: 'processing', notify: 'none' });
        const outcome = await connection.methods?.charge(order, method);
        expect(outcome).toMatchObject({ status: 'processing' });
        const reference = (outcome?.status === 'processing' && outcome.reference) || null;
        const { number, charged } = order;
        const found = await connection.find({ number, reference, charged, mayCapture: true });
        expect(found).toEqual({ status: 'processing' });
      },
    },
    {
      name: 'does not know of a charge whose answer was lost, and charges once all the same',
      async run() {
        const { connection, wire } = stage();
        const method = await storeMethod(stage());
        const order = orderWith(stage(), method);
        wire.disturb('lost');
        const lost = await connection.methods?.charge(order, method);
        wire.disturb(undefined);
        expect(lost).toMatchObject({ status: 'unknown' });
        const again = await connection.methods?.charge(order, method);
        expect(again).toMatchObject({ status: 'succeeded' });
        expect(await stage().recordsOf(order.number)).toBe(1);
      },
    },
  ];
}

function declineTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return Object.entries(harness.chargeDeclines ?? {}).map(([word, code]) => ({
    name: `calls ${code} what is ${word} there, and says so again`,
    async run() {
      const { connection, steer } = stage();
      const method = await storeMethod(stage());
      const order = orderWith(stage(), method);
      await steer(order.number, { charge: `decline:${word}`, notify: 'none' });
      const declined = { status: 'declined', code };
      expect(await connection.methods?.charge(order, method)).toMatchObject(declined);
      expect(await connection.methods?.charge(order, method)).toMatchObject(declined);
    },
  }));
}

async function storeMethod(stage: Stage): Promise<SavedMethod> {
  const { connection, order, arrive, steer } = stage;
  const asked = order();
  const started = await connection.methods?.setUp(setUpOf(asked));
  expect(started).toMatchObject({ status: 'pending' });
  if (started?.status !== 'pending') throw new Error('the method was not set up');
  await arrive(started.next);
  const { number } = asked;
  const reference = started.reference ?? null;
  const question = { number, reference, mayCapture: true };
  expect((await connection.methods?.findSetup(question))?.status).toMatch(/^(pending|absent)$/);
  expect(await steer(number, { outcome: 'paid', notify: 'none' })).toBe(200);
  const found = await connection.methods?.findSetup(question);
  expect(found).toMatchObject({ status: 'stored' });
  if (found?.status !== 'stored') throw new Error('the method was not stored');
  return found.method;
}

function orderWith({ order }: Stage, { customer }: SavedMethod) {
  const fresh = order();
  return { ...fresh, payer: { ...fresh.payer, customer } };
}

function expectMethod(method: SavedMethod | undefined): void {
  expect(method?.reference).toBeTruthy();
  expect(method?.label).toBeTruthy();
  // Never a whole number of a card or an account.
  expect(method?.label).not.toMatch(/\d{7}/);
  if (method?.expires !== null) expect(method?.expires).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
}

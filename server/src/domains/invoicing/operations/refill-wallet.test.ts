import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { postTransfers } from '../../ledger/index.ts';
import { holdPayments, updateProvider } from '../../payments/index.ts';
import { pollAttempts } from '../../payments/operations/poll-attempts.ts';
import { removeMethod } from '../../payments/operations/remove-method.ts';
import { type CardTill, openCardTill } from '../../payments/testing/card-till.ts';
import { readBooks } from '../testing/books.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { getAutoTopUp, setAutoTopUp } from './auto-top-up.ts';
import { judgeOverdueInvoices } from './judge-overdue-invoices.ts';
import { listInvoices } from './read-invoices.ts';
import { refillWallets } from './refill-wallet.ts';

describe('refillWallets', () => {
  let sandbox: Sandbox;
  let desk: Desk;
  let till: CardTill;
  let organizationId: string;
  let methodId: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
    desk = await openDesk();
  });
  beforeEach(async () => {
    desk.platform.clocks.set(new Date());
    till = await openCardTill(desk.context, sandbox);
    await till.steer(undefined, { notify: 'none' });
    organizationId = await desk.newCustomer();
    methodId = (await till.storeCard(desk.context, organizationId)).id;
  });
  afterAll(async () => {
    await desk.close();
    await sandbox.close();
  });

  const agree = (changes: Partial<Parameters<typeof setAutoTopUp>[1]> = {}) =>
    setAutoTopUp(desk.context, {
      ...{ organizationId, enabled: true, below: '5.00', amount: '20.00', monthly_limit: '50.00' },
      payment_method: methodId,
      ...changes,
    });
  const spend = (amount: bigint) =>
    inTransaction(desk.context, (transaction) =>
      postTransfers(desk.context, transaction, organizationId, [
        {
          ...{ debit: 'wallet', credit: 'revenue', kind: 'test', reference: 'test' },
          amount: { amount, currency: 'USD' },
        },
      ]),
    );
  const wallet = async () =>
    (await readBooks(desk.db.database, organizationId))['wallet USD'] ?? '0.00';
  const topUps = async () => {
    const { data } = await listInvoices(desk.context, { organizationId, limit: 50 });
    return data.filter(({ kind }) => kind === 'top_up').map(({ status }) => status);
  };
  const state = () => getAutoTopUp(desk.context, organizationId);
  const units = (amount: number) => BigInt(amount) * 1_000_000_000n;

  it('fills a wallet that is below its line, and leaves one that is on it', async () => {
    await agree();
    expect(await refillWallets(desk.context)).toBe(1);
    expect(await wallet()).toBe('20.00');
    expect(await refillWallets(desk.context)).toBe(0);
    await spend(units(15));
    expect(await refillWallets(desk.context)).toBe(0);
    await spend(1n);
    expect(await refillWallets(desk.context)).toBe(1);
    expect(await wallet()).toBe('24.999999999');
    expect(await state()).toMatchObject({ enabled: true, this_month: '40.00', under_way: false });
  });

  it('waits while payments are on hold, and stays switched on', async () => {
    await agree();
    const hold = (isHeld: boolean) =>
      inTransaction(desk.context, (transaction) =>
        holdPayments(desk.context, transaction, { organizationId, isHeld }),
      );
    await hold(true);
    expect(await refillWallets(desk.context)).toBe(0);
    expect(await topUps()).toEqual([]);
    expect(await state()).toMatchObject({ enabled: true, switched_off: null });
    await hold(false);
    expect(await refillWallets(desk.context)).toBe(1);
  });

  it('does nothing where it was not agreed, or is off', async () => {
    expect(await refillWallets(desk.context)).toBe(0);
    await agree({ enabled: false });
    expect(await refillWallets(desk.context)).toBe(0);
    expect(await state()).toMatchObject({ enabled: false, below: '5.00', switched_off: null });
  });

  it('stays within what a month may bring, in the organization’s zone', async () => {
    // Shanghai's March begins at 16:00 on the last of February.
    desk.platform.clocks.set('2027-02-28T15:00:00Z');
    await agree();
    for (const expected of [1, 1, 0]) {
      expect(await refillWallets(desk.context)).toBe(expected);
      if (expected) await spend(units(20));
    }
    expect(await state()).toMatchObject({ this_month: '40.00', limit_reached: true });
    expect(await topUps()).toEqual(['paid', 'paid']);
    desk.platform.clocks.set('2027-02-28T16:00:00Z');
    expect(await state()).toMatchObject({ this_month: '0.00', limit_reached: false });
    expect(await refillWallets(desk.context)).toBe(1);
  });

  it('is off at the first decline, voids what nobody ordered, and says why', async () => {
    await agree();
    await till.steer(undefined, { charge: 'decline:expired_card', notify: 'none' });
    expect(await refillWallets(desk.context)).toBe(1);
    expect(await refillWallets(desk.context)).toBe(0);
    expect(await state()).toMatchObject({
      ...{ enabled: false, under_way: false, this_month: '0.00' },
      switched_off: { reason: 'expired_method' },
    });
    expect(await topUps()).toEqual(['void']);
    const mails = await desk.mailsTo(organizationId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('it has expired');
    expect(mails[0]?.subject).toContain('off');
    await till.steer(undefined, { notify: 'none' });
    expect((await agree()).switched_off).toBeNull();
    expect(await refillWallets(desk.context)).toBe(1);
    expect(await wallet()).toBe('20.00');
  });

  it.each([
    ['the method is removed', () => removeMethod(desk.context, { organizationId, id: methodId })],
    [
      'the provider is switched off',
      () => updateProvider(desk.context, { provider: 'stripe', enabled: false }),
    ],
  ])('is off where %s', async (_what, happen) => {
    await agree();
    await happen();
    expect(await refillWallets(desk.context)).toBe(0);
    expect(await state()).toMatchObject({ switched_off: { reason: 'method_unusable' } });
    expect(await topUps()).toEqual([]);
    expect(await desk.mailsTo(organizationId)).toHaveLength(1);
    expect(await refillWallets(desk.context)).toBe(0);
    expect(await desk.mailsTo(organizationId)).toHaveLength(1);
  });

  it('does not fill again while an answer is missing, and finds it', async () => {
    await agree();
    await till.steer(undefined, { answers: 'lost', notify: 'none' });
    expect(await refillWallets(desk.context)).toBe(1);
    expect(await state()).toMatchObject({ under_way: true, this_month: '20.00' });
    expect(await refillWallets(desk.context)).toBe(0);
    await till.steer(undefined, { notify: 'none' });
    desk.platform.clocks.advance('PT2M');
    await pollAttempts(desk.context);
    expect(await wallet()).toBe('20.00');
    expect(await state()).toMatchObject({ under_way: false });
    expect(await refillWallets(desk.context)).toBe(0);
  });

  it('waits for a bank debit beyond the term of a top-up, and takes its money', async () => {
    await agree();
    await till.steer(undefined, { charge: 'processing', notify: 'none' });
    expect(await refillWallets(desk.context)).toBe(1);
    desk.platform.clocks.advance('P4D');
    await judgeOverdueInvoices(desk.context);
    expect(await topUps()).toEqual(['open']);
    expect(await refillWallets(desk.context)).toBe(0);
    const [number] = await pendingNumbers();
    await till.steer(number, { outcome: 'paid' });
    desk.platform.clocks.advance('PT1H');
    await pollAttempts(desk.context);
    expect(await wallet()).toBe('20.00');
    expect(await topUps()).toEqual(['paid']);
  });

  it('answers one fall once, whichever processes look, however often', async () => {
    await agree({ monthly_limit: '2000.00' });
    const others = [desk.otherProcess(), desk.otherProcess()];
    const contexts = [desk.context, ...others.map(({ context }) => context)];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            spent: fc.integer({ min: 0, max: 25 }),
            lookers: fc.integer({ min: 1, max: 6 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (falls) => {
          for (const { spent, lookers } of falls) {
            const held = Number(await wallet());
            await spend(units(Math.max(Math.min(spent, Math.floor(held)), 0)) || 1n).catch(
              () => undefined,
            );
            const before = Number(await wallet());
            const charged = await Promise.all(
              Array.from({ length: lookers }, (_, at) =>
                refillWallets(contexts[at % contexts.length] ?? desk.context),
              ),
            );
            const isDue = before < 5;
            expect(charged.reduce((sum, one) => sum + one, 0)).toBe(isDue ? 1 : 0);
            expect(Number(await wallet())).toBeCloseTo(before + (isDue ? 20 : 0), 6);
          }
        },
      ),
      { numRuns: 8 },
    );
    await Promise.all(others.map((other) => other.close()));
  });

  it.each([
    ['a limit below one refill', { monthly_limit: '19.99' }, 'rule_violated'],
    ['somebody else’s method', { payment_method: 'pm_unknown' }, 'not_found'],
    ['an amount below what the provider takes', { amount: '0.10' }, 'currency_unsupported'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(agree(changes)).rejects.toMatchObject({ code });
  });

  async function pendingNumbers(): Promise<string[]> {
    const rows = await desk.db.database
      .withTables<{
        payments_attempts: { number: string; status: string; organization_id: string };
      }>()
      .selectFrom('payments_attempts')
      .select('number')
      .where('status', '=', 'pending')
      .where('organization_id', '=', organizationId)
      .execute();
    return rows.map(({ number }) => number);
  }
});

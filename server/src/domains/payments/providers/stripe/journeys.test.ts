/** What the suite of all providers does not ask of any: debits that take days, lost names, disputes, the balance. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Order, SavedMethod } from '../../provider.ts';
import type { ProviderHarness } from '../../testing/provider-suite/harness.ts';
import { askedOf, openStage, type Stage } from '../../testing/provider-suite/stage.ts';
import { stripe } from './index.ts';

const harness: ProviderHarness = {
  provider: stripe,
  testsMin: 40,
  settings: ({ sandbox, url }) => ({ ...sandbox.stripe, api_url: `${url}/stripe` }),
  async listen({ sandbox, directUrl }, notifyUrl) {
    await fetch(`${directUrl}/stripe/v1/webhook_endpoints/we_sandbox`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.stripe.secret_key}` },
      body: new URLSearchParams({ url: notifyUrl }),
    });
  },
  strangers: {},
  wrongCredentials: (settings) => settings,
  forgeries: (unsigned) => ({ unsigned }),
  amounts: [{ minor: 1_999n, currency: 'USD', there: '1999' }],
  refusedAmounts: [],
  amountThere: ({ amount }) => amount,
  afterDecline: 'pending',
};

let stage: Stage;
let connection: Connection;
beforeAll(async () => {
  stage = await openStage(harness);
  ({ connection } = stage);
});
afterAll(() => stage.close());

const dayMs = 86_400_000;
const debit = { means: 'us_bank_account' };
const silent = { notify: 'none' };
const startDebit = () => stage.start(stage.order(debit));
const steer = (order: Order, steering: object) =>
  stage.steer(order.number, steering as Record<string, unknown>);

/** The calendar of the provider, moved and put back. */
async function later<T>(days: number, run: () => Promise<T>): Promise<T> {
  const now = Date.now();
  await stage.moveClock(new Date(now + days * dayMs));
  try {
    return await run();
  } finally {
    await stage.moveClock(new Date(now));
  }
}

describe('a bank debit', () => {
  it('is under way for days, whatever its term, and then there', async () => {
    const { order, asked } = await startDebit();
    await steer(order, { ...silent, outcome: 'processing' });
    expect(await connection.find(asked)).toEqual({ status: 'processing' });
    expect(await connection.close?.(asked)).toEqual({ status: 'paid' });
    await later(3, async () =>
      expect(await connection.find(asked)).toEqual({ status: 'processing' }),
    );
    await later(4.1, async () =>
      expect(await connection.find(asked)).toMatchObject({ status: 'succeeded' }),
    );
  });

  it('comes back: declined as returned', async () => {
    const { order, asked } = await startDebit();
    await steer(order, { ...silent, outcome: 'processing' });
    await steer(order, { outcome: 'returned' });
    expect(await connection.find(asked)).toEqual({ status: 'declined', code: 'returned' });
    expect(await connection.find({ ...asked, reference: null })).toEqual({
      ...{ status: 'declined', code: 'returned' },
    });
  });

  it('is told of as a reason to ask first, and as money when it is there', async () => {
    const { order } = await startDebit();
    const since = stage.ear.heard().length;
    await steer(order, { outcome: 'processing' });
    const isOfIt = (kind: string) => (meaning: object) =>
      'kind' in meaning &&
      meaning.kind === kind &&
      JSON.stringify(meaning, plain).includes(order.number);
    const first = await stage.hear(since, isOfIt('changed'));
    expect(await stage.understand(first)).toEqual({ kind: 'changed', number: order.number });
    for (const each of stage.ear.heard().slice(since)) {
      expect(await stage.understand(each)).not.toMatchObject({ kind: 'collected' });
    }
    await steer(order, { outcome: 'paid' });
    const second = await stage.hear(since, isOfIt('collected'));
    expect(await stage.understand(second)).toMatchObject({ money: { number: order.number } });
  });

  it('is not begun in another currency than dollars, and nobody is called', async () => {
    const calls = stage.wire.calls();
    const order = stage.order({ ...debit, charged: { minor: 1_999n, currency: 'EUR' } });
    expect(await connection.start(order)).toEqual({
      ...{ status: 'declined', code: 'currency_unsupported' },
    });
    expect(stage.wire.calls()).toBe(calls);
  });
});

const plain = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;

describe('an order whose name at Stripe was lost', () => {
  it('is found among open pages before its payer came', async () => {
    const { asked } = await stage.start(stage.order());
    const lost = { ...asked, reference: null };
    expect(await connection.find(lost)).toEqual({ status: 'pending' });
    expect(await connection.close?.(lost)).toEqual({ status: 'closed' });
    expect(await connection.find(asked)).toMatchObject({ status: 'declined' });
  });

  it('is found though the search does not know of it yet', async () => {
    const { order, asked } = await stage.start(stage.order());
    await steer(order, { ...silent, search: 'behind', outcome: 'paid' });
    const found = await connection.find({ ...asked, reference: null });
    expect(found).toMatchObject({ status: 'succeeded', money: { number: order.number } });
  });

  it('is not given up for a card that was declined, for its page is open still', async () => {
    const { order, asked } = await stage.start(stage.order());
    await steer(order, { ...silent, outcome: 'declined' });
    const lost = { ...asked, reference: null };
    expect(await connection.find(lost)).toEqual({ status: 'pending', declined: 'card_declined' });
    expect(await connection.close?.(lost)).toEqual({ status: 'closed' });
    expect(await connection.find(lost)).toEqual({ status: 'declined', code: 'card_declined' });
  });

  it('is not taken for another that is named instead of it', async () => {
    const [first, second] = [await stage.payInSilence(), await stage.payInSilence()];
    const { reference } = first.asked;
    expect(await connection.find({ ...second.asked, reference })).toEqual({ status: 'unknown' });
    expect(await connection.find({ ...second.asked, reference: 'cs_test_nobody' })).toEqual({
      status: 'unknown',
    });
    expect(await connection.find({ ...second.asked, reference: 'sub_1' })).toEqual({
      status: 'unknown',
    });
  });

  it('gets the same page when it is begun again with another term', async () => {
    const { order, outcome } = await stage.start(stage.order());
    const expiresAt = new Date(Date.now() + 3 * 3_600_000);
    expect(await connection.start({ ...order, expiresAt })).toEqual(outcome);
    expect(await stage.recordsOf(order.number)).toBe(1);
  });

  it('is not begun twice while an earlier call lasts', async () => {
    const order = stage.order();
    await steer(order, { answers: 'busy' });
    expect(await connection.start(order)).toEqual({ status: 'unknown' });
    await steer(order, {});
    expect(await connection.start(order)).toMatchObject({ status: 'pending' });
  });
});

describe('terms of a page', () => {
  it.each([
    ['that is over in a minute', 60_000],
    ['of a month', 30 * dayMs],
  ])('fit what Stripe takes, for an order %s', async (_what, termMs) => {
    const order = stage.order({ expiresAt: new Date(Date.now() + termMs) });
    expect(await connection.start(order)).toMatchObject({ status: 'pending' });
  });
});

describe('a kept method', () => {
  async function keep(instrument: string): Promise<SavedMethod> {
    const { order, asked } = await stage.start(stage.order({ savesMethod: true }));
    await steer(order, { ...silent, instrument, outcome: 'paid' });
    const found = await connection.find(asked);
    if (found.status !== 'succeeded' || !found.method) throw new Error('no method was kept');
    return found.method;
  }

  it('is known by its brand and last digits', async () => {
    expect(await keep('5555555555554444')).toMatchObject({
      ...{ kind: 'card', label: 'Mastercard •••• 4444' },
      expires: expect.stringMatching(/^20\d\d-04$/),
    });
  });

  it('wants its payer where the bank does: a link is to be sent', async () => {
    const method = await keep('4000002760003184');
    const order = stage.order({ payer: { ...stage.order().payer, customer: method.customer } });
    expect(await connection.methods?.charge(order, method)).toMatchObject({
      ...{ status: 'declined', code: 'action_required', reference: expect.stringMatching(/^pi_/) },
    });
    const { number, charged } = order;
    const asked = { number, charged, reference: null, mayCapture: true };
    expect(await connection.find(asked)).toMatchObject({
      status: 'declined',
      code: 'action_required',
    });
  });

  it('is charged once, though its key at Stripe is forgotten after a day', async () => {
    const method = await keep('4242424242424242');
    const order = stage.order();
    const first = await connection.methods?.charge(order, method);
    const again = await later(2, async () => connection.methods?.charge(order, method));
    expect(again).toEqual(first);
    expect(await stage.recordsOf(order.number)).toBe(1);
  });

  it('of a customer who was deleted at Stripe begins with a new customer', async () => {
    const { order: draft } = stage;
    const order = draft({
      savesMethod: true,
      payer: { ...draft().payer, customer: 'cus_deleted' },
    });
    const { asked } = await stage.start(order);
    await steer(order, { ...silent, outcome: 'paid' });
    const found = await connection.find(asked);
    expect(found.status === 'succeeded' && found.method?.customer).toMatch(/^cus_(?!deleted)/);
  });
});

describe('a refund', () => {
  const refundOf = (
    { order, asked, money }: Awaited<ReturnType<Stage['payInSilence']>>,
    minor: bigint,
  ) => ({
    number: stage.order().number,
    payment: { ...asked, providerTransaction: money.providerTransaction },
    amount: { minor, currency: order.charged.currency },
    reason: 'asked for',
    notifyUrl: order.notifyUrl,
  });

  it('in part is made once, though its key at Stripe is forgotten after a day', async () => {
    const refund = refundOf(await stage.payInSilence(), 500n);
    const first = await connection.refund?.(refund);
    const again = await later(2, async () => connection.refund?.(refund));
    expect(again).toEqual(first);
    const { refunds } = await stage.record(refund.payment.number);
    expect(refunds).toHaveLength(1);
  });

  it('of a debit is pending for days, and found when it is there', async () => {
    const refund = refundOf(await stage.payInSilence(debit), 500n);
    expect(await connection.refund?.(refund)).toMatchObject({ status: 'pending' });
    await later(2.1, async () =>
      expect(await connection.findRefund?.(refund)).toMatchObject({ status: 'succeeded' }),
    );
  });

  it('whose answer was lost is found, and is not made again', async () => {
    const paid = await stage.payInSilence();
    const refund = refundOf(paid, 500n);
    await steer(paid.order, { ...silent, refund: 'lost' });
    expect(await connection.refund?.(refund)).toEqual({ status: 'unknown' });
    await steer(paid.order, silent);
    const found = await connection.findRefund?.(refund);
    expect(found).toMatchObject({ status: 'succeeded' });
    expect(await connection.refund?.(refund)).toEqual(found);
    expect((await stage.record(paid.order.number)).refunds).toHaveLength(1);
  });

  it('of a disputed payment is refused', async () => {
    const paid = await stage.payInSilence();
    await stage.post(`/orders/${paid.order.number}/dispute`);
    expect(await connection.refund?.(refundOf(paid, 500n))).toEqual({
      ...{ status: 'failed', reason: 'The payment is disputed.' },
    });
  });

  it('in another currency than the payment is refused before any call', async () => {
    const refund = refundOf(await stage.payInSilence(), 500n);
    const calls = stage.wire.calls();
    const other = { ...refund, amount: { minor: 500n, currency: 'EUR' } };
    expect(await connection.refund?.(other)).toMatchObject({ status: 'failed' });
    expect(stage.wire.calls()).toBe(calls);
  });
});

describe('a dispute', () => {
  it('is told of with its deadline, then won: the money was gone and is back', async () => {
    const { order } = await stage.payInSilence();
    await steer(order, {});
    const news = async (status: string, isWithdrawn: boolean) => {
      const heard = await stage.hear(
        0,
        (meaning) =>
          meaning.kind === 'dispute' &&
          meaning.dispute.status === status &&
          meaning.dispute.isWithdrawn === isWithdrawn,
      );
      return stage.understand(heard);
    };
    await stage.post(`/orders/${order.number}/dispute`);
    expect(await news('needs_response', true)).toMatchObject({
      dispute: { amount: order.charged, respondBy: expect.any(Date), reason: 'fraudulent' },
    });
    await stage.post(`/orders/${order.number}/dispute`, { status: 'won' });
    expect(await news('won', false)).toMatchObject({ dispute: { respondBy: null } });
  });

  it('of a debit comes after its money was there, and is lost when it comes', async () => {
    const { order } = await stage.payInSilence(debit);
    await steer(order, {});
    const reason = 'debit_not_authorized';
    await stage.post(`/orders/${order.number}/dispute`, { status: 'lost', reason });
    const heard = await stage.hear(
      0,
      (meaning) => meaning.kind === 'dispute' && meaning.dispute.reason === reason,
    );
    expect(await stage.understand(heard)).toMatchObject({
      dispute: { status: 'lost', isWithdrawn: true, respondBy: null },
    });
  });
});

describe('the statement of a day', () => {
  it('adds up to the balance, page after page, with disputes and debits that came back', async () => {
    const quiet = await openStage(harness);
    try {
      for (let each = 0; each < 101; each += 1) await quiet.payInSilence();
      const disputed = await quiet.payInSilence();
      await quiet.post(`/orders/${disputed.order.number}/dispute`);
      const returned = await quiet.start(quiet.order(debit));
      await quiet.steer(returned.order.number, { ...silent, outcome: 'returned' });

      const now = new Date();
      const date = now.toISOString().slice(0, 10);
      expect(await quiet.connection.statement?.({ date })).toEqual({ status: 'not_ready' });
      await quiet.moveClock(new Date(now.getTime() + dayMs));
      const statement = await quiet.connection.statement?.({ date });
      if (statement?.status !== 'ready') throw new Error('the statement is ready');
      const count = (kind: string) => statement.lines.filter((line) => line.kind === kind).length;
      expect(count('payment')).toBe(102);
      expect(count('dispute')).toBe(1);
      expect(statement.lines).toHaveLength(103);
      const total = statement.lines.reduce((sum, { amount }) => sum + amount.minor, 0n);
      expect(total).toBe(101n * 1_999n);
      const names = statement.lines.map(({ providerTransaction }) => providerTransaction);
      expect(names.filter((name) => name === disputed.money.providerTransaction)).toHaveLength(1);
    } finally {
      await quiet.close();
    }
  }, 60_000);

  it('has a debit on the day on which it came, with its fee, and not on that of its giving', async () => {
    const slow = await openStage(harness);
    try {
      const { order } = await slow.start(slow.order(debit));
      await slow.steer(order.number, { ...silent, outcome: 'processing' });
      const given = Date.now();
      await slow.moveClock(new Date(given + 4 * dayMs + 60_000));
      const dateOf = (days: number) => new Date(given + days * dayMs).toISOString().slice(0, 10);
      await slow.moveClock(new Date(given + 6 * dayMs));
      const linesOf = async (days: number) => {
        const statement = await slow.connection.statement?.({ date: dateOf(days) });
        return statement?.status === 'ready' ? statement.lines : undefined;
      };
      expect(await linesOf(0)).toEqual([]);
      const arrival = [...((await linesOf(4)) ?? []), ...((await linesOf(5)) ?? [])];
      expect(arrival).toMatchObject([
        {
          ...{ kind: 'payment', number: order.number, amount: order.charged },
          fee: { minor: 16n, currency: 'USD' },
        },
      ]);
      await slow.moveClock(new Date(given + 40 * dayMs));
      expect(await linesOf(0)).toMatchObject([{ kind: 'payment', number: order.number }]);
    } finally {
      await slow.close();
    }
  });

  it('is nobody`s for a day that is none', async () => {
    expect(await connection.statement?.({ date: '2026-02-31x' })).toEqual({ status: 'unknown' });
  });
});

describe('probe', () => {
  it('tells a key of another account from ours', async () => {
    const other = stage.connect({ account: 'acct_1SomebodyElse0' });
    expect(await other.probe()).toEqual({
      answers: false,
      reason: 'The key is of another account: check the account ID.',
    });
  });
});

describe('askedOf', () => {
  it('asks about nothing that was captured, whether money is awaited or not', async () => {
    const { order, outcome } = await stage.payInSilence();
    const asked = { ...askedOf(order, outcome.reference), mayCapture: false };
    expect(await connection.find(asked)).toMatchObject({ status: 'succeeded' });
  });
});

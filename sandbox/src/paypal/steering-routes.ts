/** What tests and demos use to look at orders and to bend them; the vendor itself has nothing of this. */
import { RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { oneOf, readSteeringFields } from '../steering/fields.ts';
import type { Access } from './access.ts';
import type { OrderRecord } from './book.ts';
import type { Desk } from './desk.ts';
import { DISPUTE_OUTCOMES, DISPUTE_STATUSES, disputeOrder, presentDispute } from './disputes.ts';
import { amountOf } from './money.ts';
import { presentRefund } from './present.ts';
import { isUnits, type Outcome, readOutcome, readSteering } from './steering.ts';

const ORDERS_SHOWN_MAX = 200;

export function steeringRoutes(desk: Desk, access: Access, prefix: string): Route[] {
  const { book } = desk;
  const everything = () => [...book.orders(), ...book.setups.all()];
  return [
    {
      method: 'GET',
      path: `${prefix}/orders`,
      handle({ response }) {
        const newest = everything().reverse().slice(0, ORDERS_SHOWN_MAX);
        sendJson(response, 200, { data: newest.map((record) => describe(desk, record)) });
      },
    },
    {
      method: 'GET',
      path: `${prefix}/orders/{number}`,
      handle({ params, response }) {
        const record = findRecord(desk, params.number);
        if (!record) throw new RequestError(404, 'No such order was made.');
        sendJson(response, 200, describe(desk, record));
      },
    },
    {
      method: 'POST',
      path: `${prefix}/steering`,
      async handle({ request, response }) {
        const steering = readSteering(await readJsonObject(request));
        book.steer('*', steering);
        sendJson(response, 200, { steering });
      },
    },
    { method: 'POST', path: `${prefix}/orders/{number}`, handle: steerOrder(desk) },
    { method: 'POST', path: `${prefix}/orders/{number}/refund`, handle: refundByHand(desk) },
    { method: 'POST', path: `${prefix}/orders/{number}/dispute`, handle: stepDispute(desk) },
    {
      method: 'POST',
      path: `${prefix}/end-tokens`,
      handle({ response }) {
        access.endAll();
        sendJson(response, 200, {});
      },
    },
  ];
}

function findRecord({ book }: Desk, number = '') {
  return book.orderOfNumber(number) ?? book.setupOfNumber(number);
}

function describe({ book, notifier }: Desk, record: NonNullable<ReturnType<typeof findRecord>>) {
  return {
    ...record,
    steering: book.steeringOf(record.number),
    notifies: notifier.of(record.number).map(({ payload, ...sent }) => ({
      ...sent,
      event: JSON.parse(payload.text) as unknown,
    })),
  };
}

/** Steering may come before its order; an outcome needs the order. */
function steerOrder(desk: Desk): Route['handle'] {
  return async ({ params, request, response }) => {
    const number = params.number ?? '';
    const { outcome, ...rest } = await readJsonObject(request);
    const steering = readSteering(rest);
    const wanted = readOutcome(outcome);
    const record = findRecord(desk, number);
    if (wanted && !record) {
      throw new RequestError(404, 'Make the order before deciding its outcome.');
    }
    // An outcome alone leaves the steering as it is; an empty object straightens the order.
    if (!wanted || Object.keys(steering).length > 0) desk.book.steer(number, steering);
    if (record && wanted) decide(desk, record, wanted);
    await desk.notifier.settled(number);
    const after = findRecord(desk, number);
    sendJson(response, 200, after ? describe(desk, after) : { number, status: null, steering });
  };
}

function decide(
  desk: Desk,
  record: NonNullable<ReturnType<typeof findRecord>>,
  outcome: Outcome,
): void {
  if ('amount' in record) desk.decide(record, outcome);
  else desk.decideSetup(record, outcome);
}

function paidOrder({ book }: Desk, number = ''): OrderRecord {
  const order = book.orderOfNumber(number);
  if (!order?.capture) throw new RequestError(404, 'Nothing was paid under that number.');
  return order;
}

/** The merchant gives money back on the vendor's own pages; what is left of it where no amount is said. */
function refundByHand(desk: Desk): Route['handle'] {
  return async ({ params, request, response }) => {
    const order = paidOrder(desk, params.number);
    const fields = { amount: isUnits };
    const { amount } = readSteeringFields<{ amount?: string }>(
      await readJsonObject(request),
      fields,
    );
    const made = desk.refund(order, {
      amount: (amount && amountOf(BigInt(amount), order.amount.currency_code)) || undefined,
      // Such a refund bears the names of its payment.
      ...{ invoice_id: order.invoice_id, custom_id: order.number, note: null, isManual: true },
    });
    if ('issue' in made) throw new RequestError(409, made.issue);
    await desk.notifier.settled(order.number);
    sendJson(response, 200, presentRefund(made.done, order, desk.urls));
  };
}

interface DisputeFields {
  amount?: string;
  reason?: string;
  status?: string;
  outcome?: string;
}

function stepDispute(desk: Desk): Route['handle'] {
  return async ({ params, request, response }) => {
    const order = paidOrder(desk, params.number);
    const { amount, ...step } = readSteeringFields<DisputeFields>(await readJsonObject(request), {
      amount: isUnits,
      reason: (value) => typeof value === 'string' && /^[A-Z_]{3,60}$/.test(value),
      status: oneOf(...DISPUTE_STATUSES),
      outcome: oneOf(...DISPUTE_OUTCOMES),
    });
    const dispute = disputeOrder(desk, order, {
      ...step,
      ...(amount === undefined
        ? {}
        : { amount: amountOf(BigInt(amount), order.amount.currency_code) }),
    });
    if (!dispute) throw new RequestError(409, 'Only what was captured can be disputed.');
    await desk.notifier.settled(order.number);
    sendJson(response, 200, presentDispute(desk, dispute));
  };
}

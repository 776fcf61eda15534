/** What tests and demos use to look at orders and to bend them; the provider itself has nothing of this. */
import { type Exchange, RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { chargeOf, makeRefund, moveDispute, openDispute } from './after-sales.ts';
import { root } from './api.ts';
import { nameOf, type Order, orderOf, steeringOf } from './books.ts';
import { describeOrder } from './describe.ts';
import { decide } from './page-desk.ts';
import { Problem } from './problem.ts';
import { readOutcome, readSteering } from './steering.ts';
import type { Desk } from './till.ts';

const ordersShownMax = 200;

export function steeringRoutes(desk: Desk): Route[] {
  const order = `${root}/orders/{number}`;
  return [
    {
      method: 'GET',
      path: `${root}/orders`,
      handle({ response }) {
        const newest = desk.books.orders.all().toReversed().slice(0, ordersShownMax);
        sendJson(response, 200, { data: newest.map((each) => describeOrder(desk, each)) });
      },
    },
    {
      method: 'GET',
      path: order,
      handle(exchange) {
        sendJson(exchange.response, 200, describeOrder(desk, needOrder(desk, exchange)));
      },
    },
    {
      method: 'POST',
      path: `${root}/steering`,
      async handle({ request, response }) {
        const steering = readSteering(await readJsonObject(request));
        desk.books.steerings.put({ id: '*', steering });
        sendJson(response, 200, { steering });
      },
    },
    { method: 'POST', path: order, handle: (exchange) => steerOrder(desk, exchange) },
    { method: 'POST', path: `${order}/refund`, handle: (exchange) => refund(desk, exchange) },
    { method: 'POST', path: `${order}/dispute`, handle: (exchange) => dispute(desk, exchange) },
  ];
}

/** Steering may come before its order; an outcome needs the order. */
async function steerOrder(desk: Desk, exchange: Exchange): Promise<void> {
  const { params, request, response } = exchange;
  const number = params.number ?? '';
  const { outcome, ...rest } = await readJsonObject(request);
  const steering = readSteering(rest);
  const wanted = readOutcome(outcome);
  const order = orderOf(desk.books, number);
  if (wanted && !order) throw new RequestError(404, 'Start the order before deciding its outcome.');

  // An outcome alone leaves the steering as it is; an empty object straightens the order.
  if (!wanted || Object.keys(steering).length > 0)
    desk.books.steerings.put({ id: number, steering });
  if (order && wanted && decide(desk, order, { outcome: wanted }) === 'closed') {
    throw new RequestError(409, 'The order is closed.');
  }
  if (order) return sendJson(response, 200, describeOrder(desk, order));
  sendJson(response, 200, { number, status: null, steering: steeringOf(desk.books, number) });
}

/** A refund that somebody makes in the vendor's own console. */
async function refund(desk: Desk, exchange: Exchange): Promise<void> {
  const order = needOrder(desk, exchange);
  const { amount, ...rest } = await readJsonObject(exchange.request);
  refuseOthers(rest);
  const wish = { amount: readAmount(amount), reason: null, metadata: {} };
  await answer(exchange, () => {
    makeRefund(desk, { charge: chargeOf(desk, order), number: order.number }, wish);
    return describeOrder(desk, order);
  });
}

const beginnings = ['needs_response', 'warning_needs_response', 'lost'] as const;
const ends = ['under_review', 'won', 'lost'] as const;

/** Opens a dispute; where there is one, `status` says what becomes of it. */
async function dispute(desk: Desk, exchange: Exchange): Promise<void> {
  const order = needOrder(desk, exchange);
  const { amount, reason, status, ...rest } = await readJsonObject(exchange.request);
  refuseOthers(rest);
  const known = desk.books.disputes
    .all()
    .findLast((each) => order.intent !== null && nameOf(each.payment_intent) === order.intent);
  await answer(exchange, () => {
    if (known) {
      const end = ends.find((each) => each === status);
      if (!end) throw new RequestError(400, `The status is one of ${ends.join(', ')}.`);
      moveDispute(desk, { dispute: known, number: order.number }, end);
    } else {
      const begins = beginnings.find((each) => each === (status ?? 'needs_response'));
      if (!begins) throw new RequestError(400, `The status is one of ${beginnings.join(', ')}.`);
      const wanted = readAmount(amount);
      openDispute(desk, order, {
        reason: typeof reason === 'string' ? reason : 'fraudulent',
        status: begins,
        ...(wanted === undefined ? {} : { amount: wanted }),
      });
    }
    return describeOrder(desk, order);
  });
}

async function answer({ response }: Exchange, act: () => object): Promise<void> {
  try {
    sendJson(response, 200, act());
  } catch (error) {
    if (error instanceof Problem) throw new RequestError(409, error.message);
    throw error;
  }
}

function readAmount(amount: unknown): number | undefined {
  if (amount === undefined) return undefined;
  if (typeof amount === 'string' && /^\d{1,8}$/.test(amount)) return Number(amount);
  throw new RequestError(400, 'The amount is text: an integer in the smallest unit.');
}

function refuseOthers(rest: Record<string, unknown>): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw new RequestError(400, `There is no field \`${name}\`.`);
}

function needOrder({ books }: Desk, { params }: Exchange): Order {
  const order = orderOf(books, params.number ?? '');
  if (order) return order;
  throw new RequestError(404, 'No such order was started.');
}

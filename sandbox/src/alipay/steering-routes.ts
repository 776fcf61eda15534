/** What tests and demos use to look at orders and agreements and to bend them; Alipay itself has nothing of this. */
import { RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { drawDigits } from './account.ts';
import type { Agreement } from './agreement.ts';
import type { Desk } from './desk.ts';
import { readOutcome, readSteering, type Steering } from './steering.ts';
import { leftFen, type Trade } from './trade.ts';

const shownMax = 200;

export function steeringRoutes(desk: Desk, steer: SteerOrder): Route[] {
  const path = '/sandbox/alipay/orders/{number}';
  return [
    {
      method: 'GET',
      path: '/sandbox/alipay/orders',
      handle({ response }) {
        const newest = desk.book.all().reverse().slice(0, shownMax);
        sendJson(response, 200, { data: newest.map((trade) => describe(desk, trade)) });
      },
    },
    {
      method: 'GET',
      path: '/sandbox/alipay/agreements',
      handle({ response }) {
        sendJson(response, 200, { data: desk.agreements.newestFirst().slice(0, shownMax) });
      },
    },
    {
      method: 'GET',
      path,
      handle({ params, response }) {
        sendJson(response, 200, describe(desk, findAny(desk, params.number)));
      },
    },
    { method: 'POST', path, handle: steerOne(desk, steer) },
    {
      method: 'POST',
      path: '/sandbox/alipay/steering',
      async handle({ request, response }) {
        const steering = readSteering(await readJsonObject(request));
        steer('*', steering);
        sendJson(response, 200, { steering });
      },
    },
    { method: 'POST', path: `${path}/refund`, handle: refundInConsole(desk) },
    { method: 'POST', path: `${path}/unsign`, handle: unsign(desk) },
  ];
}

export type SteerOrder = (number: string, steering: Steering) => void;

/** Steering may come before its order; an outcome needs the order. */
function steerOne(desk: Desk, steer: SteerOrder): Route['handle'] {
  return async ({ params, request, response }) => {
    const { number = '' } = params;
    const { outcome, ...rest } = await readJsonObject(request);
    const steering = readSteering(rest);
    const wanted = readOutcome(outcome);
    const known = wanted ? findAny(desk, number) : findKnown(desk, number);
    // An outcome alone leaves the steering as it is; an empty object straightens the order.
    if (!wanted || Object.keys(steering).length > 0) steer(number, steering);
    if (known && wanted) {
      const isDone = isAgreement(known)
        ? await desk.agreements.decide(known, wanted).then(() => true)
        : await desk.decide(known, wanted);
      if (!isDone) throw new RequestError(409, 'The order is closed: nobody can pay it.');
    }
    if (known) return sendJson(response, 200, describe(desk, known));
    sendJson(response, 200, { out_trade_no: number, status: null, steering });
  };
}

/** As somebody at the merchant does in Alipay's console: with a number of Alipay's own. */
function refundInConsole(desk: Desk): Route['handle'] {
  return async ({ params, request, response }) => {
    const { amount, ...rest } = await readJsonObject(request);
    const isAmount = typeof amount === 'string' && /^[1-9]\d{0,10}$/.test(amount);
    if (Object.keys(rest).length > 0 || (amount !== undefined && !isAmount)) {
      throw new RequestError(400, 'Send {} or {"amount": "1200"}, in fen.');
    }
    const trade = desk.book.find(params.number ?? '');
    if (trade?.status !== 'TRADE_SUCCESS') throw new RequestError(409, 'No such paid order.');
    const fen = isAmount ? BigInt(amount) : leftFen(trade);
    if (fen > leftFen(trade)) throw new RequestError(409, 'So much is not left.');
    const made = { request: `HZ01RF${drawDigits(12)}`, reason: '控制台退款', fen };
    await desk.refund(trade, { ...made, madeBy: 'console' });
    sendJson(response, 200, describe(desk, trade));
  };
}

/** As the payer does in Alipay's app. */
function unsign(desk: Desk): Route['handle'] {
  return async ({ params, response }) => {
    const agreement = desk.agreements.find(params.number ?? '');
    if (!(await desk.agreements.end(agreement)) || !agreement) {
      throw new RequestError(409, 'No such signed agreement.');
    }
    sendJson(response, 200, describe(desk, agreement));
  };
}

function findKnown(desk: Desk, number: string): Trade | Agreement | undefined {
  return desk.book.find(number) ?? desk.agreements.find(number);
}

function findAny(desk: Desk, number = ''): Trade | Agreement {
  const known = findKnown(desk, number);
  if (!known) throw new RequestError(404, 'Alipay knows no such order.');
  return known;
}

function isAgreement(known: Trade | Agreement): known is Agreement {
  return 'agreement_no' in known;
}

function describe(desk: Desk, known: Trade | Agreement) {
  const { id, ...rest } = known;
  const notifies = desk.noticesOf(id);
  return { out_trade_no: id, ...rest, notifies, steering: desk.steeringOf(id) };
}

/** What tests and demos use to look at orders and to bend them; the provider itself has nothing of this. */
import { RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { Desk } from './desk.ts';
import { describeOrder } from './order.ts';
import { readOutcome, readSteering } from './steering.ts';

const ORDERS_SHOWN_MAX = 200;

export function steeringRoutes(desk: Desk): Route[] {
  return [
    {
      method: 'GET',
      path: '/sandbox/credit/orders',
      handle({ response }) {
        const newest = desk.newestFirst().slice(0, ORDERS_SHOWN_MAX);
        const data = newest.map((order) => describeOrder(order, desk.steeringOf(order.id)));
        sendJson(response, 200, { data });
      },
    },
    {
      method: 'GET',
      path: '/sandbox/credit/orders/{out_trade_no}',
      handle({ params, response }) {
        const order = desk.find(params.out_trade_no ?? '');
        if (!order) throw new RequestError(404, 'No such order was submitted.');
        sendJson(response, 200, describeOrder(order, desk.steeringOf(order.id)));
      },
    },
    { method: 'POST', path: '/sandbox/credit/steering', handle: steerEveryOrder(desk) },
    { method: 'POST', path: '/sandbox/credit/orders/{out_trade_no}', handle: steerOrder(desk) },
  ];
}

function steerEveryOrder(desk: Desk): Route['handle'] {
  return async ({ request, response }) => {
    const steering = readSteering(await readJsonObject(request));
    desk.steer('*', steering);
    sendJson(response, 200, { steering });
  };
}

/** Steering may come before its order; an outcome needs the order. */
function steerOrder(desk: Desk): Route['handle'] {
  return async ({ params, request, response }) => {
    const outTradeNo = params.out_trade_no ?? '';
    const { outcome, ...rest } = await readJsonObject(request);
    const steering = readSteering(rest);
    const wanted = readOutcome(outcome);
    const order = desk.find(outTradeNo);
    if (wanted && !order)
      throw new RequestError(404, 'Submit the order before deciding its outcome.');

    // An outcome alone leaves the steering as it is; an empty object straightens the order.
    if (!wanted || Object.keys(steering).length > 0) desk.steer(outTradeNo, steering);
    if (order && wanted) await desk.decide(order, wanted);
    if (order) return sendJson(response, 200, describeOrder(order, desk.steeringOf(outTradeNo)));
    sendJson(response, 200, { out_trade_no: outTradeNo, status: null, steering });
  };
}

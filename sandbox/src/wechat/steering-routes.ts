/** What tests and demos use to look at orders and to bend them; the platform itself has nothing of this. */
import type { Deliveries } from '../deliveries/deliveries.ts';
import { type Exchange, RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { apiPath } from './api.ts';
import { type Desk, drawDigits } from './desk.ts';
import { codeOf } from './merchant-api.ts';
import type { News } from './news.ts';
import { refundedOf, refundState, type WechatOrder } from './order.ts';
import { readOutcome, readSteering } from './steering.ts';

const ordersShownMax = 200;
const ends = ['SUCCESS', 'CLOSED', 'ABNORMAL'] as const;

export function steeringRoutes(desk: Desk, deliveries: Deliveries<News>): Route[] {
  const path = `${apiPath}/orders`;
  const show = (order: WechatOrder) => describe(desk, deliveries, order);
  return [
    {
      method: 'GET',
      path,
      handle: ({ response }) =>
        sendJson(response, 200, { data: desk.newestFirst().slice(0, ordersShownMax).map(show) }),
    },
    {
      method: 'GET',
      path: `${path}/{number}`,
      handle: (exchange) => sendJson(exchange.response, 200, show(required(desk, exchange))),
    },
    {
      method: 'POST',
      path: `${apiPath}/steering`,
      async handle({ request, response }) {
        const steering = readSteering(await readJsonObject(request));
        desk.steer('*', steering);
        sendJson(response, 200, { steering });
      },
    },
    { method: 'POST', path: `${path}/{number}`, handle: (exchange) => steer(desk, show, exchange) },
    {
      method: 'POST',
      path: `${path}/{number}/refund`,
      handle: (exchange) => refundThere(desk, show, exchange),
    },
    {
      method: 'POST',
      path: `${apiPath}/refunds/{number}`,
      handle: (exchange) => decideRefund(desk, exchange),
    },
  ];
}

type Show = (order: WechatOrder) => object;

/** Steering may come before its order; an outcome needs the order. `paid` on a paid order tells of it again. */
async function steer(desk: Desk, show: Show, { params, request, response }: Exchange) {
  const number = params.number ?? '';
  const { outcome, ...rest } = await readJsonObject(request);
  const steering = readSteering(rest);
  const wanted = readOutcome(outcome);
  const order = desk.find(number);
  if (wanted && !order)
    throw new RequestError(404, 'Submit the order before deciding its outcome.');

  // An outcome alone leaves the steering as it is; an empty object straightens the order.
  if (!wanted || Object.keys(steering).length > 0) desk.steer(number, steering);
  if (order && wanted) desk.decide(order, wanted);
  if (order && wanted === 'paid') await desk.tell(order);
  sendJson(response, 200, order ? show(order) : { out_trade_no: number, state: null, steering });
}

/** As a clerk of the merchant does it in the platform's own pages; the rest where no amount in fen is said. */
async function refundThere(desk: Desk, show: Show, exchange: Exchange) {
  const order = required(desk, exchange);
  const { amount, ...rest } = await readJsonObject(exchange.request);
  const left = order.total - refundedOf(desk.refundsOf(order));
  const isFen =
    amount === undefined || (typeof amount === 'string' && /^[1-9]\d{0,10}$/.test(amount));
  if (!isFen || Object.keys(rest).length > 0) {
    throw new RequestError(400, 'Send {"amount": "100"} in fen, or nothing for all that is left.');
  }
  const made =
    order.state === 'SUCCESS' &&
    left > 0 &&
    desk.refund(order, {
      id: `50${drawDigits(18)}`,
      amount: amount === undefined ? left : Number(amount),
      reason: '商户平台退款',
      notify_url: order.notify_url,
      by: 'platform',
    });
  if (!made) throw new RequestError(409, 'Not that much of the order can be refunded.');
  sendJson(exchange.response, 200, show(order));
}

async function decideRefund(desk: Desk, { params, request, response }: Exchange) {
  const made = desk.findRefund(params.number ?? '');
  if (!made) throw new RequestError(404, 'There is no such refund.');
  const { status, ...rest } = await readJsonObject(request);
  const end = ends.find((each) => each === status);
  if (!end || Object.keys(rest).length > 0) {
    throw new RequestError(400, 'Send {"status": "SUCCESS"}, CLOSED or ABNORMAL.');
  }
  await desk.decideRefund(made, end);
  sendJson(response, 200, { out_refund_no: made.id, status: refundState(made, desk.clock.now()) });
}

function describe(desk: Desk, deliveries: Deliveries<News>, order: WechatOrder) {
  const { id, ...rest } = order;
  const isCode = order.trade_type === 'NATIVE';
  const name = isCode
    ? `scan?code=${encodeURIComponent(codeOf(order))}`
    : `h5?prepay_id=${order.prepay_id}`;
  return {
    out_trade_no: id,
    ...rest,
    state: desk.stateOf(order),
    pay_page: `${apiPath}/${name}`,
    refunds: desk.refundsOf(order).map((made) => ({
      ...made,
      state: refundState(made, desk.clock.now()),
    })),
    notifies: deliveries.of(id).map(({ payload, about: _about, ...delivery }) => ({
      event_type: payload.event_type,
      ...delivery,
    })),
    steering: desk.steeringOf(id),
  };
}

function required(desk: Desk, { params }: Exchange): WechatOrder {
  const order = desk.find(params.number ?? '');
  if (!order) throw new RequestError(404, 'No such order was submitted.');
  return order;
}

/** Where a payer decides: by "scanning" the code of an order, or on the page that a phone's browser is led to. */
import { type Exchange, RequestError, readBody, redirect, sendHtml } from '../http/exchange.ts';
import { pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { apiPath } from './api.ts';
import type { Desk } from './desk.ts';
import { codeOf } from './merchant-api.ts';
import type { WechatOrder } from './order.ts';
import { renderCodes, renderOrder } from './pay-page.ts';
import { readOutcome } from './steering.ts';

const codesShownMax = 50;

export function payPageRoutes(desk: Desk): Route[] {
  const scan = `${apiPath}/scan`;
  const h5 = `${apiPath}/h5`;
  const byCode = ({ query }: Exchange) => findByCode(desk, query.get('code') ?? '');
  const byPage = ({ query }: Exchange) =>
    required(desk.findByPage(query.get('prepay_id') ?? ''), 'MWEB');
  return [
    {
      method: 'GET',
      path: scan,
      handle(exchange) {
        if (!exchange.query.get('code')) return showCodes(desk, exchange);
        showOrder(desk, exchange, byCode(exchange), null);
      },
    },
    { method: 'POST', path: scan, handle: (exchange) => decide(desk, exchange, byCode(exchange)) },
    {
      method: 'GET',
      path: h5,
      handle: (exchange) =>
        showOrder(desk, exchange, byPage(exchange), exchange.query.get('redirect_url')),
    },
    { method: 'POST', path: h5, handle: (exchange) => decide(desk, exchange, byPage(exchange)) },
  ];
}

function showCodes(desk: Desk, exchange: Exchange): void {
  const waiting = desk
    .newestFirst()
    .filter((order) => order.trade_type === 'NATIVE' && desk.stateOf(order) === 'NOTPAY')
    .slice(0, codesShownMax)
    .map((order) => ({ order, code: codeOf(order) }));
  sendHtml(exchange.response, 200, renderCodes(waiting, pickLocale(exchange)));
}

function showOrder(
  desk: Desk,
  exchange: Exchange,
  order: WechatOrder,
  backTo: string | null,
): void {
  const { mchid } = desk.account().merchant;
  const isAddress = backTo !== null && /^https?:\/\//.test(backTo);
  const view = { order, state: desk.stateOf(order), merchant: mchid, locale: pickLocale(exchange) };
  sendHtml(exchange.response, 200, renderOrder({ ...view, backTo: isAddress ? backTo : null }));
}

/** The payer goes on at once, whether or not the merchant has taken the news. */
async function decide(desk: Desk, exchange: Exchange, order: WechatOrder): Promise<void> {
  const { request, response, query } = exchange;
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const outcome = readOutcome(form.get('outcome') ?? undefined);
  if (!outcome) throw new RequestError(400, 'Say the outcome: paid, declined or abandoned.');
  // A second click must not make a second notification.
  const isOpen = desk.stateOf(order) === 'NOTPAY';
  if (isOpen) desk.decide(order, outcome);
  if (isOpen && outcome === 'paid') void desk.tell(order);
  const backTo = query.get('redirect_url') ?? '';
  const isLedBack = outcome !== 'declined' && /^https?:\/\//.test(backTo);
  redirect(response, 303, isLedBack ? backTo : (request.url ?? ''));
}

function findByCode(desk: Desk, code: string): WechatOrder {
  return required(
    desk.newestFirst().find((order) => codeOf(order) === code.trim()),
    'NATIVE',
  );
}

function required(
  order: WechatOrder | undefined,
  tradeType: WechatOrder['trade_type'],
): WechatOrder {
  if (order?.trade_type !== tradeType) throw new RequestError(404, 'There is no such order.');
  return order;
}

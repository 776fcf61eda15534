/** Where the payer decides: the page, and the form that it posts to its own address. */
import { type Exchange, RequestError, redirect, sendHtml } from '../http/exchange.ts';
import { pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import type { Desk } from './desk.ts';
import { readFields } from './fields.ts';
import type { CreditOrder } from './order.ts';
import { renderPayPage } from './pay-page.ts';
import { readOutcome } from './steering.ts';

export function payPageRoutes(desk: Desk): Route[] {
  const path = '/sandbox/credit/paying';
  return [
    {
      method: 'GET',
      path,
      handle(exchange) {
        const order = findOrder(desk, exchange);
        const view = { order, merchant: desk.merchant.pid, locale: pickLocale(exchange) };
        sendHtml(exchange.response, 200, renderPayPage(view));
      },
    },
    {
      method: 'POST',
      path,
      async handle(exchange) {
        const order = findOrder(desk, exchange);
        const outcome = readOutcome((await readFields(exchange)).outcome);
        if (!outcome) throw new RequestError(400, 'Say the outcome: paid, declined or abandoned.');
        // A second click must not make a second payment notification.
        const isSettled = order.status === 'paid' || order.status === 'refunded';
        if (!isSettled) await desk.decide(order, outcome);
        redirect(exchange.response, 303, order.return_url || (exchange.request.url ?? path));
      },
    },
  ];
}

function findOrder(desk: Desk, { query }: Exchange): CreditOrder {
  const order = desk.findByPage(query.get('order_no') ?? '');
  if (!order) throw new RequestError(404, 'There is no such order.');
  return order;
}

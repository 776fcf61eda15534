import { type Exchange, RequestError, readBody, redirect, sendHtml } from '../http/exchange.ts';
import { pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { renderOrderPage, renderSetupPage } from './approve-page.ts';
import type { Desk } from './desk.ts';
import { buyer } from './present.ts';
import { type Outcome, readOutcome } from './steering.ts';

export function approveRoutes(desk: Desk, prefix: string): Route[] {
  const orderPath = `${prefix}/checkoutnow`;
  const setupPath = `${prefix}/agreements/approve`;
  return [
    {
      method: 'GET',
      path: orderPath,
      handle(exchange) {
        const page = renderOrderPage(findOrder(desk, exchange), pickLocale(exchange));
        sendHtml(exchange.response, 200, page);
      },
    },
    {
      method: 'POST',
      path: orderPath,
      async handle(exchange) {
        const order = findOrder(desk, exchange);
        const outcome = await readChoice(exchange);
        const isOpen = order.status === 'CREATED' || order.status === 'PAYER_ACTION_REQUIRED';
        // A second click changes nothing.
        if (isOpen) desk.decide(order, outcome);
        sendBack(exchange, outcome === 'abandoned' ? order.cancel_url : order.return_url, {
          token: order.id,
          ...(outcome === 'abandoned' ? {} : { PayerID: buyer.payer_id }),
        });
      },
    },
    {
      method: 'GET',
      path: setupPath,
      handle(exchange) {
        const page = renderSetupPage(findSetup(desk, exchange), pickLocale(exchange));
        sendHtml(exchange.response, 200, page);
      },
    },
    {
      method: 'POST',
      path: setupPath,
      async handle(exchange) {
        const setup = findSetup(desk, exchange);
        const outcome = await readChoice(exchange);
        desk.decideSetup(setup, outcome);
        sendBack(exchange, outcome === 'paid' ? setup.return_url : setup.cancel_url, {
          approval_session_id: setup.id,
        });
      },
    },
  ];
}

async function readChoice({ request }: Exchange): Promise<Outcome> {
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const outcome = readOutcome(form.get('outcome') ?? undefined);
  if (!outcome) throw new RequestError(400, 'Say the outcome: paid, declined or abandoned.');
  return outcome;
}

function sendBack(exchange: Exchange, address: string, added: Record<string, string>): void {
  if (!URL.canParse(address)) {
    redirect(exchange.response, 303, exchange.request.url ?? '/sandbox');
    return;
  }
  const url = new URL(address);
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  redirect(exchange.response, 303, url.href);
}

function findOrder({ book }: Desk, { query }: Exchange) {
  const order = book.order(query.get('token') ?? '');
  if (!order) throw new RequestError(404, 'There is no such order.');
  return order;
}

function findSetup({ book }: Desk, { query }: Exchange) {
  const setup = book.setups.get(query.get('approval_session_id') ?? '');
  if (!setup) throw new RequestError(404, 'There is no such account to keep.');
  return setup;
}

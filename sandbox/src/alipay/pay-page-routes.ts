/** Where the payer decides: the cashier's page, the same after a scan, and the page on which an agreement is signed. */
import { type Exchange, RequestError, readBody, redirect, sendHtml } from '../http/exchange.ts';
import { pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import type { Agreement } from './agreement.ts';
import { beijingTime } from './beijing.ts';
import type { Desk } from './desk.ts';
import { renderPayPage, renderSignPage } from './pay-page.ts';
import { signNotify } from './signature.ts';
import { readOutcome } from './steering.ts';
import { canBePaid, type Outcome, type Trade } from './trade.ts';

export function payPageRoutes(desk: Desk): Route[] {
  return [
    ...tradeRoutes(desk, '/sandbox/alipay/cashier', false),
    ...tradeRoutes(desk, '/sandbox/alipay/scan', true),
    ...signRoutes(desk),
  ];
}

function tradeRoutes(desk: Desk, path: string, isScanned: boolean): Route[] {
  return [
    {
      method: 'GET',
      path,
      handle(exchange) {
        const trade = findTrade(desk, exchange);
        desk.book.arrive(trade);
        const locale = pickLocale(exchange);
        const seller = desk.account.sellerId;
        const view = { trade, seller, locale, isScanned, wayBack: wayBack(desk, trade) };
        sendHtml(exchange.response, 200, renderPayPage(view));
      },
    },
    {
      method: 'POST',
      path,
      async handle(exchange) {
        const trade = findTrade(desk, exchange);
        const outcome = await readChoice(exchange);
        // A second click must not tell of the payment again.
        if (canBePaid(trade)) await desk.decide(trade, outcome);
        // Who scanned stays at the phone; the merchant's own page sees what became of it.
        const next = isScanned ? '' : wayBack(desk, trade);
        redirect(exchange.response, 303, next || (exchange.request.url ?? path));
      },
    },
  ];
}

function signRoutes(desk: Desk): Route[] {
  const path = '/sandbox/alipay/sign';
  return [
    {
      method: 'GET',
      path,
      handle(exchange) {
        const agreement = findAgreement(desk, exchange);
        const page = renderSignPage(agreement, desk.account.sellerId, pickLocale(exchange));
        sendHtml(exchange.response, 200, page);
      },
    },
    {
      method: 'POST',
      path,
      async handle(exchange) {
        const agreement = findAgreement(desk, exchange);
        await desk.agreements.decide(agreement, await readChoice(exchange));
        const { url = path } = exchange.request;
        redirect(exchange.response, 303, agreement.return_url || url);
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

/** The merchant's page, with what Alipay adds to it: signed, and no proof of a payment. */
function wayBack({ account }: Desk, trade: Trade): string {
  if (!URL.canParse(trade.return_url)) return '';
  const url = new URL(trade.return_url);
  if (trade.status !== 'TRADE_SUCCESS') return url.href;
  const fields = {
    charset: 'utf-8',
    method: `alipay.trade.${trade.product === 'mobile' ? 'wap' : 'page'}.pay.return`,
    version: '1.0',
    app_id: account.appId,
    auth_app_id: account.appId,
    seller_id: account.sellerId,
    out_trade_no: trade.id,
    trade_no: trade.trade_no,
    total_amount: trade.total_amount,
    timestamp: beijingTime(new Date()),
  };
  const signed = { ...fields, sign_type: 'RSA2', sign: signNotify(fields, account.privateKey) };
  for (const [name, value] of Object.entries(signed)) url.searchParams.append(name, value);
  return url.href;
}

function findTrade(desk: Desk, { query }: Exchange): Trade {
  const trade = desk.book.findByPage(query.get('trade') ?? '');
  if (!trade) throw new RequestError(404, 'There is no such trade.');
  return trade;
}

function findAgreement(desk: Desk, { query }: Exchange): Agreement {
  const agreement = desk.agreements.findByPage(query.get('agreement') ?? '');
  if (!agreement) throw new RequestError(404, 'There is no such agreement.');
  return agreement;
}

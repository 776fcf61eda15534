/** Where the payer decides: the page, and the form that it posts to its own address. */
import type Stripe from 'stripe';
import { type Exchange, RequestError, readBody, redirect, sendHtml } from '../http/exchange.ts';
import { type Locale, pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { root } from './api.ts';
import type { Order } from './books.ts';
import { instrumentOf } from './instruments.ts';
import { decide, expireWhenDue, payOnPage } from './page-desk.ts';
import { renderPayPage } from './pay-page.ts';
import { readOutcome } from './steering.ts';
import type { Desk } from './till.ts';

export function payPageRoutes(desk: Desk): Route[] {
  const path = `${root}/pay/{id}`;
  return [
    { method: 'GET', path, handle: (exchange) => show(desk, exchange) },
    { method: 'POST', path, handle: (exchange) => act(desk, exchange) },
  ];
}

function show(desk: Desk, exchange: Exchange): void {
  const { order, session } = find(desk, exchange);
  const { query, response } = exchange;
  const problem = query.get('problem');
  const page = renderPayPage({
    session,
    title: order.title,
    locale: localeOf(exchange, session),
    problem: problem === 'declined' || problem === 'unknown' ? problem : undefined,
    confirms: query.get('confirm') ?? undefined,
  });
  sendHtml(response, 200, page);
}

/** A session says in which language its payer is to be met. */
function localeOf(exchange: Exchange, { locale }: Stripe.Checkout.Session): Locale {
  if (exchange.query.has('lang') || locale === null || locale === 'auto')
    return pickLocale(exchange);
  return locale.startsWith('zh') ? 'zh-CN' : 'en';
}

async function act(desk: Desk, exchange: Exchange): Promise<void> {
  const { order, session } = find(desk, exchange);
  const form = new URLSearchParams((await readBody(exchange.request)).toString('utf8'));
  const outcome = readOutcome(form.get('outcome') ?? undefined);
  if (!outcome) throw new RequestError(400, 'Say the outcome: paid, declined or abandoned.');
  const { success_url: success, cancel_url: cancel } = session;
  const back = success ?? session.url ?? '/';
  // A second click must not pay twice, nor tell twice.
  if (session.status !== 'open') return redirect(exchange.response, 303, back);
  if (outcome === 'abandoned') return redirect(exchange.response, 303, cancel ?? back);
  const to = pay(desk, order, { outcome, form });
  redirect(exchange.response, 303, to === undefined ? back : `${exchange.path}?${to}`);
}

/** Where on the page to go on; undefined where the payer is done. */
function pay(
  desk: Desk,
  order: Order,
  {
    outcome,
    form,
  }: { outcome: 'paid' | 'declined' | 'processing' | 'returned'; form: URLSearchParams },
): string | undefined {
  const number = form.get('number') ?? '';
  const instrument = instrumentOf(number);
  const isTyped = outcome === 'paid' && number !== '';
  if (isTyped && !instrument) return 'problem=unknown';
  const isConfirmed = form.get('confirmed') === 'yes';
  const isCard = instrument?.kind === 'card';
  const result =
    isTyped && instrument && isCard
      ? payOnPage(desk, order, { instrument, isConfirmed })
      : decide(desk, order, { outcome, typed: instrument });
  if (result === 'confirm') return new URLSearchParams({ confirm: number }).toString();
  return result === 'declined' ? 'problem=declined' : undefined;
}

function find({ books, ...desk }: Desk, { params }: Exchange) {
  const id = params.id ?? '';
  const [session, order] = [books.sessions.get(id), books.orders.get(id)];
  if (!session || !order) throw new RequestError(404, 'There is no such page.');
  expireWhenDue({ books, ...desk }, session);
  return { session, order };
}

/** `/v1/checkout/sessions` */
import type Stripe from 'stripe';
import { checkAmount } from './amounts.ts';
import type { Call, Endpoint } from './api.ts';
import { root } from './api.ts';
import { nameOf } from './books.ts';
import {
  allow,
  branchOf,
  integerOf,
  listOf,
  metadataOf,
  needText,
  type Tree,
  textOf,
} from './form.ts';
import { secondsOf } from './ids.ts';
import { createdWithin, listParams, pageOf } from './list.ts';
import { draftSession } from './objects/session.ts';
import { expireSession, expireWhenDue } from './page-desk.ts';
import { invalid, missing } from './problem.ts';
import type { Desk } from './till.ts';

type Params = keyof Stripe.Checkout.SessionCreateParams;

const createParams = [
  ...['adaptive_pricing', 'allowed_payment_method_types', 'cancel_url', 'client_reference_id'],
  ...['currency', 'customer', 'customer_creation', 'customer_email', 'expand', 'expires_at'],
  ...['line_items', 'locale', 'metadata', 'mode', 'payment_intent_data'],
  ...['payment_method_options', 'setup_intent_data', 'success_url', 'ui_mode'],
] as const satisfies readonly Params[];

const termSecondsMin = 30 * 60;
const termSecondsMax = 24 * 3_600;
const types = ['card', 'us_bank_account'];
const locales = ['auto', 'de', 'en', 'es', 'fr', 'it', 'ja', 'zh', 'zh-HK', 'zh-TW'];

export function sessionEndpoints(desk: Desk): Endpoint[] {
  const path = '/v1/checkout/sessions';
  return [
    { method: 'POST', path, handle: (call) => createSession(desk, call) },
    { method: 'GET', path, handle: (call) => listSessions(desk, call) },
    { method: 'GET', path: `${path}/{id}`, handle: (call) => sessionOf(desk, call) },
    { method: 'POST', path: `${path}/{id}/expire`, handle: (call) => closeSession(desk, call) },
  ];
}

function createSession(desk: Desk, { form }: Call): object {
  allow(form, createParams);
  const mode = needText(form, 'mode');
  if (mode !== 'payment' && mode !== 'setup') throw invalid('Invalid mode', { param: 'mode' });
  const created = secondsOf(desk.clock.now());
  const customer = readCustomer(desk, form);
  const metadata = metadataOf(form);
  const session = draftSession({
    ...{ mode, created, customer, metadata },
    ...readPrice(form, mode),
    expiresAt: readTerm(form, created),
    reference: readReference(form),
    customerCreation: readCreation(form, customer),
    email: textOf(form, 'customer_email') ?? null,
    types: readTypes(form),
    locale: readLocale(form),
    successUrl: readUrl(needText(form, 'success_url'), 'success_url'),
    cancelUrl: readOptionalUrl(form, 'cancel_url'),
    pageUrl: `${desk.publicUrl}${root}/pay`,
  });
  desk.books.sessions.put(session);
  keepOrder(desk, session, form);
  return session;
}

/** What the payer's intent will be made with. */
function keepOrder(desk: Desk, session: Stripe.Checkout.Session, form: Tree): void {
  const isSetup = session.mode === 'setup';
  const plan = branchOf(form, isSetup ? 'setup_intent_data' : 'payment_intent_data');
  allow(plan, ['description', 'metadata', 'setup_future_usage'], 'payment_intent_data');
  desk.books.orders.put({
    id: session.id,
    number: session.client_reference_id ?? session.id,
    kind: isSetup ? 'setup' : 'payment',
    title: isSetup ? '' : titleOf(form),
    intent: null,
    setupIntent: null,
    plan: {
      metadata: metadataOf(plan),
      description: textOf(plan, 'description') ?? null,
      keeps: textOf(plan, 'setup_future_usage') === 'off_session',
    },
    created_at: desk.clock.now().toISOString(),
  });
}

function itemOf(form: Tree): { price: Tree; quantity: number } {
  const items = Object.values(branchOf(form, 'line_items'));
  const [item] = items;
  if (items.length !== 1 || typeof item !== 'object') {
    throw invalid('One line item is taken here.', { param: 'line_items' });
  }
  allow(item, ['price_data', 'quantity'], 'line_items[0]');
  const quantity = integerOf(item, 'quantity', 'line_items[0][quantity]') ?? 1;
  return { price: branchOf(item, 'price_data'), quantity };
}

function titleOf(form: Tree): string {
  const product = branchOf(itemOf(form).price, 'product_data');
  return needText(product, 'name', 'line_items[0][price_data][product_data][name]');
}

function readPrice(form: Tree, mode: 'payment' | 'setup') {
  if (mode === 'setup') {
    if (form.line_items !== undefined) {
      throw invalid('`line_items` are not allowed in `setup` mode.', { param: 'line_items' });
    }
    return { amount: null, currency: textOf(form, 'currency') ?? null };
  }
  const { price, quantity } = itemOf(form);
  allow(price, ['currency', 'product_data', 'unit_amount'], 'line_items[0][price_data]');
  const currency = needText(price, 'currency', 'line_items[0][price_data][currency]');
  const unit = integerOf(price, 'unit_amount', 'line_items[0][price_data][unit_amount]') ?? 0;
  const amount = unit * quantity;
  checkAmount(amount, currency, 'line_items[0][price_data][unit_amount]');
  if (readTypes(form).includes('us_bank_account') && currency !== 'usd') {
    throw invalid('The payment method `us_bank_account` only supports usd.', { param: 'currency' });
  }
  return { amount, currency };
}

/** A merchant writes it by the true time; on the calendar here, which may be far ahead, it is as long. */
function readTerm(form: Tree, created: number): number {
  const asked = integerOf(form, 'expires_at');
  const term = asked === undefined ? termSecondsMax : asked - secondsOf(new Date());
  if (term >= termSecondsMin && term <= termSecondsMax) return created + term;
  const message = 'The `expires_at` timestamp must be between 30 minutes and 24 hours from now.';
  throw invalid(message, { param: 'expires_at' });
}

function readReference(form: Tree): string | null {
  const reference = textOf(form, 'client_reference_id');
  if (reference === undefined || /^[\w-]{1,200}$/.test(reference)) return reference ?? null;
  throw invalid('Invalid client_reference_id', { param: 'client_reference_id' });
}

function readCustomer({ books }: Desk, form: Tree): string | null {
  const customer = textOf(form, 'customer');
  if (customer === undefined) return null;
  if (!books.customers.get(customer)) throw missing('customer', customer, 'customer');
  if (form.customer_email !== undefined || form.customer_creation !== undefined) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.');
  }
  return customer;
}

function readCreation(form: Tree, customer: string | null): 'always' | 'if_required' | null {
  const creation = textOf(form, 'customer_creation');
  if (customer !== null) return null;
  if (creation === undefined || creation === 'if_required') return 'if_required';
  if (creation === 'always') return creation;
  throw invalid('Invalid customer_creation', { param: 'customer_creation' });
}

function readTypes(form: Tree): string[] {
  const allowed = listOf(form, 'allowed_payment_method_types');
  const unknown = allowed.find((type) => !types.includes(type));
  if (unknown === undefined) return allowed.length === 0 ? ['card'] : allowed;
  const param = 'allowed_payment_method_types';
  throw invalid(`The payment method type "${unknown}" is not activated.`, { param });
}

function readLocale(form: Tree): string | null {
  const locale = textOf(form, 'locale');
  if (locale === undefined || locales.includes(locale)) return locale ?? null;
  throw invalid(`Invalid locale: ${locale}`, { param: 'locale' });
}

function readUrl(text: string, param: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text;
  throw invalid('Not a valid URL', { code: 'url_invalid', param });
}

function readOptionalUrl(form: Tree, param: string): string | null {
  const text = textOf(form, param);
  return text === undefined ? null : readUrl(text, param);
}

function listSessions(desk: Desk, { form, path }: Call): object {
  allow(form, [...listParams, 'created', 'customer', 'payment_intent', 'status']);
  const { books } = desk;
  for (const session of books.sessions.all()) expireWhenDue(desk, session);
  const status = textOf(form, 'status');
  const intent = textOf(form, 'payment_intent');
  const customer = textOf(form, 'customer');
  const wanted = books.sessions
    .all()
    .filter(createdWithin(form))
    .filter((session) => status === undefined || session.status === status)
    .filter((session) => intent === undefined || nameOf(session.payment_intent) === intent)
    .filter((session) => customer === undefined || nameOf(session.customer) === customer);
  return pageOf(wanted, form, path);
}

function sessionOf(desk: Desk, { params, form }: Call): Stripe.Checkout.Session {
  allow(form, ['expand']);
  const id = params.id ?? '';
  const session = desk.books.sessions.get(id);
  if (!session) throw missing('checkout.session', id);
  expireWhenDue(desk, session);
  return session;
}

function closeSession(desk: Desk, call: Call): Stripe.Checkout.Session {
  const session = sessionOf(desk, call);
  if (session.status !== 'open') {
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      { param: 'session' },
    );
  }
  expireSession(desk, session);
  return session;
}

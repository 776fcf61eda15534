/** `/v1/payment_intents`: made and confirmed without a payer, canceled, listed, and searched with a delay. */
import type Stripe from 'stripe';
import { checkAmount } from './amounts.ts';
import type { Call, Endpoint } from './api.ts';
import { nameOf, orderOfIntent, steeringOf } from './books.ts';
import {
  allow,
  integerOf,
  isTrue,
  listOf,
  metadataOf,
  needText,
  type Tree,
  textOf,
} from './form.ts';
import { secondsOf } from './ids.ts';
import { createdWithin, listParams, pageOf } from './list.ts';
import { draftIntent } from './objects/intents.ts';
import { invalid, missing, Problem } from './problem.ts';
import { type Desk, fateOfCharge, tryIntent } from './till.ts';

type Params = keyof Stripe.PaymentIntentCreateParams;

const createParams = [
  ...['allowed_payment_method_types', 'amount', 'confirm', 'currency', 'customer'],
  ...['description', 'expand', 'metadata', 'off_session', 'payment_method'],
] as const satisfies readonly Params[];

export function intentEndpoints(desk: Desk): Endpoint[] {
  const path = '/v1/payment_intents';
  return [
    { method: 'POST', path, handle: (call) => createIntent(desk, call) },
    { method: 'GET', path, handle: (call) => listIntents(desk, call) },
    { method: 'GET', path: `${path}/search`, handle: (call) => searchIntents(desk, call) },
    { method: 'GET', path: `${path}/{id}`, handle: (call) => intentOf(desk, call) },
    { method: 'POST', path: `${path}/{id}/cancel`, handle: (call) => cancelIntent(desk, call) },
  ];
}

/** Only a charge without its payer is made here; payers come by Checkout. */
function createIntent(desk: Desk, { form }: Call): Stripe.PaymentIntent {
  allow(form, createParams);
  const { books, clock } = desk;
  const amount = integerOf(form, 'amount') ?? 0;
  const currency = needText(form, 'currency');
  checkAmount(amount, currency, 'amount');
  if (!isTrue(form, 'confirm') || !isTrue(form, 'off_session')) {
    throw invalid('Intents are confirmed off session here.', { param: 'confirm' });
  }
  const customer = needText(form, 'customer');
  if (!books.customers.get(customer)) throw missing('customer', customer, 'customer');
  const method = methodFor(desk, form, customer);
  const metadata = metadataOf(form);
  const intent = draftIntent({
    ...{ amount, currency, customer, metadata, keeps: false },
    created: secondsOf(clock.now()),
    description: textOf(form, 'description') ?? null,
    method: method.id,
    types: [method.type],
  });
  const order = {
    ...{ id: intent.id, number: metadata.sluice_number ?? intent.id, kind: 'charge' as const },
    ...{ title: intent.description ?? '', intent: intent.id, setupIntent: null },
    plan: { metadata, description: intent.description, keeps: false },
    created_at: clock.now().toISOString(),
  };
  books.orders.put(order);
  const created = structuredClone(intent);
  const fate = fateOfCharge(desk, order, method);
  const isConfirmed = fate.kind === 'confirmed';
  const told = tryIntent(desk, intent, {
    method,
    fate: isConfirmed
      ? { kind: 'declined', code: 'card_declined', declineCode: 'authentication_required' }
      : fate,
  });
  desk.news.tell(order.number, [['payment_intent.created', created], ...told]);
  if (intent.last_payment_error) throw declined(intent, intent.last_payment_error);
  return intent;
}

function methodFor(desk: Desk, form: Tree, customer: string): Stripe.PaymentMethod {
  const id = needText(form, 'payment_method');
  const method = desk.books.methods.get(id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  if (nameOf(method.customer) !== customer) {
    throw invalid(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from a Customer. It may not be used again.',
    );
  }
  const allowed = listOf(form, 'allowed_payment_method_types');
  if (allowed.length > 0 && !allowed.includes(method.type)) {
    throw invalid(`The PaymentMethod provided (${method.type}) is not allowed.`, {
      param: 'payment_method',
    });
  }
  return method;
}

function declined(
  intent: Stripe.PaymentIntent,
  {
    code = 'card_declined',
    decline_code,
    message = '',
    charge,
  }: Stripe.PaymentIntent.LastPaymentError,
): Problem {
  return new Problem(402, {
    ...{ type: 'card_error', code, message, payment_intent: intent },
    ...(decline_code === undefined ? {} : { decline_code }),
    ...(charge === undefined ? {} : { charge }),
  });
}

function listIntents({ books }: Desk, { form, path }: Call): object {
  allow(form, [...listParams, 'created', 'customer']);
  const customer = textOf(form, 'customer');
  const wanted = books.intents
    .all()
    .filter(createdWithin(form))
    .filter((intent) => customer === undefined || nameOf(intent.customer) === customer);
  return pageOf(wanted, form, path);
}

const searched =
  /^(?:metadata\[(?<quote>['"])(?<key>\w+)\k<quote>\]|status):(['"])(?<value>[^'"]*)\3$/;

/** Clauses joined by AND. An order may be steered to be found only later, as happens there. */
function searchIntents({ books }: Desk, { form, path }: Call): object {
  allow(form, ['expand', 'limit', 'page', 'query']);
  const clauses = needText(form, 'query').split(' AND ');
  const tests = clauses.map((clause) => {
    const { key, value } = searched.exec(clause.trim())?.groups ?? {};
    if (value === undefined) throw invalid('Invalid search query.', { param: 'query' });
    return (intent: Stripe.PaymentIntent) =>
      (key === undefined ? intent.status : intent.metadata[key]) === value;
  });
  const data = books.intents
    .all()
    .filter((intent) => tests.every((test) => test(intent)))
    .filter(({ id }) => steeringOf(books, orderOfIntent(books, id)?.number).search !== 'behind')
    .toReversed()
    .slice(0, integerOf(form, 'limit') ?? 10);
  return { object: 'search_result', data, has_more: false, next_page: null, url: path };
}

function intentOf({ books }: Desk, { params }: Call): Stripe.PaymentIntent {
  const intent = books.intents.get(params.id ?? '');
  if (intent) return intent;
  throw missing('payment_intent', params.id ?? '', 'intent');
}

const cancelable = ['requires_payment_method', 'requires_action', 'requires_confirmation'];

function cancelIntent(desk: Desk, call: Call): Stripe.PaymentIntent {
  const intent = intentOf(desk, call);
  if (!cancelable.includes(intent.status)) {
    const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`;
    throw new Problem(400, {
      ...{ type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message },
      payment_intent: intent,
    });
  }
  const order = orderOfIntent(desk.books, intent.id);
  if (order && desk.books.sessions.get(order.id)) {
    throw invalid('This PaymentIntent belongs to a Checkout Session: expire it instead.');
  }
  intent.status = 'canceled';
  intent.canceled_at = secondsOf(desk.clock.now());
  intent.cancellation_reason = textOf(call.form, 'cancellation_reason') ?? null;
  desk.books.intents.put(intent);
  desk.news.tell(order?.number ?? intent.id, [['payment_intent.canceled', intent]]);
  return intent;
}

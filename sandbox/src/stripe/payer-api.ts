/** `/v1/customers`, `/v1/payment_methods`, `/v1/setup_intents` */
import type Stripe from 'stripe';
import type { Call, Endpoint } from './api.ts';
import { nameOf } from './books.ts';
import {
  allow,
  branchOf,
  isTrue,
  listOf,
  metadataOf,
  needText,
  type Tree,
  textOf,
} from './form.ts';
import { secondsOf } from './ids.ts';
import { type Instrument, instrumentOf, usualAccount } from './instruments.ts';
import { createdWithin, listParams, pageOf } from './list.ts';
import { draftSetupIntent } from './objects/intents.ts';
import { draftCustomer } from './objects/payer.ts';
import { methodOf } from './page-desk.ts';
import { invalid, missing } from './problem.ts';
import type { Desk } from './till.ts';

export function payerEndpoints(desk: Desk): Endpoint[] {
  return [...customerEndpoints(desk), ...methodEndpoints(desk), ...setupEndpoints(desk)];
}

function customerEndpoints(desk: Desk): Endpoint[] {
  const { books, clock } = desk;
  const path = '/v1/customers';
  const customerOf = ({ params }: Call): Stripe.Customer => {
    const customer = books.customers.get(params.id ?? '');
    if (customer) return customer;
    throw missing('customer', params.id ?? '', 'customer');
  };
  return [
    {
      method: 'POST',
      path,
      handle({ form }) {
        allow(form, ['description', 'email', 'expand', 'metadata', 'name']);
        const customer = draftCustomer({
          created: secondsOf(clock.now()),
          email: textOf(form, 'email') ?? null,
          name: textOf(form, 'name') ?? null,
          metadata: metadataOf(form),
        });
        books.customers.put(customer);
        return customer;
      },
    },
    {
      method: 'GET',
      path,
      handle({ form, path: url }) {
        allow(form, [...listParams, 'created', 'email']);
        const email = textOf(form, 'email');
        const wanted = books.customers
          .all()
          .filter(createdWithin(form))
          .filter((customer) => email === undefined || customer.email === email);
        return pageOf(wanted, form, url);
      },
    },
    { method: 'GET', path: `${path}/{id}`, handle: customerOf },
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      handle(call) {
        const { id } = customerOf(call);
        books.customers.remove(id);
        for (const method of books.methods.all()) {
          if (nameOf(method.customer) === id) books.methods.put({ ...method, customer: null });
        }
        return { id, object: 'customer', deleted: true } satisfies Stripe.DeletedCustomer;
      },
    },
    {
      method: 'GET',
      path: `${path}/{id}/payment_methods`,
      handle: (call) => methodsOf(desk, call, customerOf(call).id),
    },
  ];
}

function methodsOf({ books }: Desk, { form, path }: Call, customer: string | undefined): object {
  allow(form, [...listParams, 'customer', 'type']);
  const type = textOf(form, 'type');
  const wanted = books.methods
    .all()
    .filter((method) => nameOf(method.customer) === customer)
    .filter((method) => type === undefined || method.type === type);
  return pageOf(wanted, form, path);
}

function methodEndpoints(desk: Desk): Endpoint[] {
  const { books, news } = desk;
  const path = '/v1/payment_methods';
  const methodNamed = ({ params }: Call): Stripe.PaymentMethod => {
    const method = books.methods.get(params.id ?? '');
    if (method) return method;
    throw missing('PaymentMethod', params.id ?? '', 'payment_method');
  };
  return [
    { method: 'POST', path, handle: ({ form }) => methodOf(desk, readInstrument(form)) },
    {
      method: 'GET',
      path,
      handle: (call) => methodsOf(desk, call, textOf(call.form, 'customer')),
    },
    { method: 'GET', path: `${path}/{id}`, handle: methodNamed },
    {
      method: 'POST',
      path: `${path}/{id}/attach`,
      handle(call) {
        allow(call.form, ['customer', 'expand']);
        const customer = needText(call.form, 'customer');
        if (!books.customers.get(customer)) throw missing('customer', customer, 'customer');
        const method = methodNamed(call);
        method.customer = customer;
        books.methods.put(method);
        news.tell(method.id, [['payment_method.attached', method]]);
        return method;
      },
    },
    {
      method: 'POST',
      path: `${path}/{id}/detach`,
      handle(call) {
        const method = methodNamed(call);
        if (method.customer === null) {
          throw invalid('The payment method you provided is not attached to a customer.');
        }
        method.customer = null;
        books.methods.put(method);
        news.tell(method.id, [['payment_method.detached', method]]);
        return method;
      },
    },
  ];
}

function readInstrument(form: Tree): Instrument {
  allow(form, ['billing_details', 'card', 'expand', 'metadata', 'type', 'us_bank_account']);
  const type = needText(form, 'type');
  const bank = branchOf(form, 'us_bank_account');
  const number =
    type === 'card'
      ? needText(branchOf(form, 'card'), 'number', 'card[number]')
      : (textOf(bank, 'account_number') ?? usualAccount);
  const instrument = instrumentOf(number);
  if (instrument && (instrument.kind === 'card') === (type === 'card')) return instrument;
  throw invalid('Use a number of a test card or test account.', { param: `${type}[number]` });
}

const setupParams = [
  ...['allowed_payment_method_types', 'confirm', 'customer', 'expand', 'metadata'],
  ...['payment_method', 'usage'],
] as const satisfies readonly (keyof Stripe.SetupIntentCreateParams)[];

function setupEndpoints(desk: Desk): Endpoint[] {
  const path = '/v1/setup_intents';
  return [
    { method: 'POST', path, handle: ({ form }) => createSetup(desk, form) },
    {
      method: 'GET',
      path: `${path}/{id}`,
      handle({ params }) {
        const intent = desk.books.setups.get(params.id ?? '');
        if (intent) return intent;
        throw missing('setupintent', params.id ?? '', 'intent');
      },
    },
  ];
}

function createSetup({ books, clock, news }: Desk, form: Tree): Stripe.SetupIntent {
  allow(form, setupParams);
  const customer = textOf(form, 'customer') ?? null;
  if (customer !== null && !books.customers.get(customer)) {
    throw missing('customer', customer, 'customer');
  }
  const named = textOf(form, 'payment_method') ?? null;
  const method = named === null ? undefined : books.methods.get(named);
  if (named !== null && !method) throw missing('PaymentMethod', named, 'payment_method');
  const types = listOf(form, 'allowed_payment_method_types');
  const intent = draftSetupIntent({
    ...{ created: secondsOf(clock.now()), customer, metadata: metadataOf(form), method: named },
    types: types.length === 0 ? ['card'] : types,
  });
  if (method && isTrue(form, 'confirm')) {
    method.customer = customer;
    books.methods.put(method);
    intent.status = 'succeeded';
    news.tell(intent.id, [['setup_intent.succeeded', intent]]);
  }
  books.setups.put(intent);
  return intent;
}

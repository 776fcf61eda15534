/**
 * Payers' PayPal accounts in PayPal's vault: stored without paying, charged without the payer, and forgotten.
 * https://developer.paypal.com/docs/api/payment-tokens/v3/
 *
 * A charge is an order that PayPal captures at once. Without an answer the same request is sent once more: PayPal then
 * repeats what it answered first, so a lost answer is not a lost payment. What stays unknown is found by its
 * notification, or in PayPal's list of transactions.
 */
import { z } from 'zod';
import type {
  ChargeOutcome,
  MethodOutcome,
  Order,
  SavedMethod,
  SetupOutcome,
  StartOutcome,
  StoredMethods,
} from '../../provider.ts';
import type { ApiAnswer, ApiCall, Paypal } from './client.ts';
import { declineIn, issuesOf } from './issues.ts';
import { PaypalOrder, stateOf } from './order.ts';
import { isAbsent, isDone, pageOf, purchaseUnit } from './pay.ts';
import { labelOf } from './vaulted.ts';

const Id = z.string().regex(/^[\w-]{1,64}$/);
const Wallet = z.object({ email_address: z.string().optional(), payer_id: z.string().optional() });
const Token = z.object({
  id: Id,
  customer: z.object({ id: Id.optional() }).optional(),
  payment_source: z.object({ paypal: Wallet.optional() }).optional(),
});
const SetupToken = Token.extend({
  status: z.string(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).optional(),
});
const Tokens = z.object({ payment_tokens: z.array(Token).optional() });

export function storedMethods(paypal: Paypal): StoredMethods {
  return {
    setUp: (order) => setUp(paypal, order),
    findSetup: (asked) => findSetup(paypal, asked),
    find: ({ reference }) => findMethod(paypal, reference),
    charge: (order, method) => charge(paypal, order, method),
    remove: ({ reference }) => remove(paypal, reference),
  };
}

type Setup = Parameters<StoredMethods['setUp']>[0];

async function setUp(paypal: Paypal, { number, returnUrl, payer }: Setup): Promise<StartOutcome> {
  const answer = await paypal.client.call({
    method: 'POST',
    path: '/v3/vault/setup-tokens',
    requestId: number,
    body: {
      customer:
        payer.customer === null
          ? { merchant_customer_id: payer.organizationId }
          : { id: payer.customer },
      payment_source: {
        paypal: {
          usage_type: 'MERCHANT',
          experience_context: {
            return_url: returnUrl,
            cancel_url: returnUrl,
            shipping_preference: 'NO_SHIPPING',
            locale: payer.locale === 'zh-CN' ? 'zh-CN' : 'en-US',
          },
        },
      },
    },
  });
  if (answer?.status === 400 || answer?.status === 422) {
    return { status: 'declined', code: declineIn(issuesOf(answer)) ?? 'provider_error' };
  }
  const token = answer && isDone(answer) ? SetupToken.safeParse(answer.json).data : undefined;
  const url = token && pageOf(token, paypal.settings.apiUrl);
  if (!token || url === undefined) return { status: 'unknown' };
  return { status: 'pending', next: { type: 'redirect', url }, reference: token.id };
}

type AskedSetup = Parameters<StoredMethods['findSetup']>[0];

async function findSetup(paypal: Paypal, asked: AskedSetup): Promise<SetupOutcome> {
  // PayPal cannot be asked by our number; nobody was sent to its page where the id was lost.
  if (asked.reference === null) return { status: 'unknown' };
  const path = `/v3/vault/setup-tokens/${encodeURIComponent(asked.reference)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  if (answer && isAbsent(answer)) return { status: 'absent' };
  const setup = answer?.status === 200 ? SetupToken.safeParse(answer.json).data : undefined;
  if (!setup || setup.id !== asked.reference) return { status: 'unknown' };
  if (setup.status === 'CREATED' || setup.status === 'PAYER_ACTION_REQUIRED') {
    return { status: 'pending' };
  }
  if (setup.status === 'APPROVED' && !asked.mayCapture) return { status: 'pending' };
  return keep(paypal, setup, asked.number);
}

/** Turns what the payer has approved into a method; repeated, it answers the same one. */
async function keep(
  paypal: Paypal,
  setup: z.output<typeof SetupToken>,
  number: string,
): Promise<SetupOutcome> {
  const answer = await paypal.client.call({
    method: 'POST',
    path: '/v3/vault/payment-tokens',
    requestId: number,
    body: { payment_source: { token: { id: setup.id, type: 'SETUP_TOKEN' } } },
  });
  if (!answer) return { status: 'unknown' };
  const token = isDone(answer) ? Token.safeParse(answer.json).data : undefined;
  if (token) return { status: 'stored', method: methodOf(token) };
  // PayPal keeps request ids for three hours; after that a token that was made is among the payer's.
  return (await findKept(paypal, setup)) ?? { status: 'unknown' };
}

async function findKept(
  paypal: Paypal,
  { customer, payment_source }: z.output<typeof SetupToken>,
): Promise<SetupOutcome | undefined> {
  const payer = payment_source?.paypal?.payer_id;
  if (customer?.id === undefined || payer === undefined) return undefined;
  const path = `/v3/vault/payment-tokens?${new URLSearchParams({ customer_id: customer.id })}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  const listed = answer?.status === 200 ? Tokens.safeParse(answer.json).data : undefined;
  const own = listed?.payment_tokens?.filter(
    (token) => token.payment_source?.paypal?.payer_id === payer,
  );
  const [token, ...others] = own ?? [];
  return token && others.length === 0 ? { status: 'stored', method: methodOf(token) } : undefined;
}

function methodOf({ id, customer, payment_source }: z.output<typeof Token>): SavedMethod {
  return {
    reference: id,
    customer: customer?.id ?? null,
    kind: 'account',
    label: labelOf(payment_source?.paypal?.email_address),
    expires: null,
  };
}

async function charge(paypal: Paypal, order: Order, method: SavedMethod): Promise<ChargeOutcome> {
  const unit = purchaseUnit(order);
  if (!unit) return { status: 'declined', code: 'currency_unsupported' };
  const call: ApiCall = {
    method: 'POST',
    path: '/v2/checkout/orders',
    requestId: order.number,
    body: {
      intent: 'CAPTURE',
      purchase_units: [unit],
      payment_source: {
        paypal: {
          vault_id: method.reference,
          stored_credential: {
            payment_initiator: 'MERCHANT',
            usage: 'SUBSEQUENT',
            usage_pattern: 'RECURRING_POSTPAID',
          },
        },
      },
    },
  };
  const answer = (await paypal.client.call(call)) ?? (await paypal.client.call(call));
  if (!answer) return { status: 'unknown' };
  return isDone(answer) ? readCharge(paypal, order, answer) : refusedCharge(answer);
}

function readCharge(paypal: Paypal, { number }: Order, answer: ApiAnswer): ChargeOutcome {
  const { data } = PaypalOrder.safeParse(answer.json);
  if (!data) return { status: 'unknown' };
  const reference = data.id;
  const state = stateOf(data, { number, merchant: paypal.settings.clientId });
  if (state.status === 'succeeded') return { status: 'succeeded', money: state.money, reference };
  // Approved, and captured by whoever asks about it next.
  if (state.status === 'processing' || state.status === 'approved') {
    return { status: 'processing', reference };
  }
  if (state.status === 'pending') return { status: 'declined', code: 'action_required', reference };
  if (state.status === 'declined') {
    return { status: 'declined', code: state.code ?? 'card_declined', reference };
  }
  return { status: 'unknown', reference };
}

/** What PayPal refuses outright has moved nothing, unless it says that the number was paid before. */
function refusedCharge(answer: ApiAnswer): ChargeOutcome {
  const issues = issuesOf(answer);
  const isRefusal = [400, 401, 403, 404, 422].includes(answer.status);
  if (!isRefusal || issues.includes('DUPLICATE_INVOICE_ID')) return { status: 'unknown' };
  return { status: 'declined', code: declineIn(issues) ?? 'provider_error' };
}

async function remove(paypal: Paypal, reference: string): Promise<'removed' | 'unknown'> {
  const path = `/v3/vault/payment-tokens/${encodeURIComponent(reference)}`;
  const answer = await paypal.client.call({ method: 'DELETE', path });
  return answer && (answer.status === 204 || isAbsent(answer)) ? 'removed' : 'unknown';
}

/** How a method stands in the vault. */
export async function findMethod(paypal: Paypal, reference: string): Promise<MethodOutcome> {
  const path = `/v3/vault/payment-tokens/${encodeURIComponent(reference)}`;
  const answer = await paypal.client.call({ method: 'GET', path });
  if (answer && isAbsent(answer)) return { status: 'removed' };
  const token = answer?.status === 200 ? Token.safeParse(answer.json).data : undefined;
  return token?.id === reference
    ? { status: 'stored', method: methodOf(token) }
    : { status: 'unknown' };
}

/** A customer who pays through bad weather: asks again until there is an answer, and pays as its plan says. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Plan } from './story.ts';

/** A parsed answer. */
// biome-ignore lint/suspicious/noExplicitAny: what is read of it is named by the public contract, as in any script.
type Json = any;

export interface Payer {
  /** Signs in anew where its session has ended. */
  ask(method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Json | undefined>;
}

const triesMax = 400;
const tryAgainMs = 150;

export function createPayer(url: string, who: { email: string; password: string }): Payer {
  let token: string | undefined;
  const send = async (method: string, path: string, body?: object, key?: string) => {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    try {
      const answer = await fetch(url + path, { method, headers, body: text });
      return { status: answer.status, body: (await answer.json()) as Json };
    } catch {
      // The server died over it, or the line was cut.
      return undefined;
    }
  };
  const signIn = async () => {
    token = undefined;
    const login = { login: who.email, password: who.password };
    const answer = await send('POST', '/api/v1/auth/login', login);
    token = answer?.body.access_token;
  };
  return {
    async ask(method, path, body, key) {
      if (token === undefined) await signIn();
      const answer = await send(method, path, body, key);
      if (answer?.status === 401) await signIn();
      return answer && answer.status < 300 ? answer.body : undefined;
    },
  };
}

export interface Begun {
  paymentId: string;
  next: Json;
}

/** Tops the wallet up, and comes to the provider's page; each step until it is answered. */
export async function begin(payer: Payer, plan: Plan): Promise<Begun> {
  const payment = await insist(() => buy(payer, plan));
  if (payment.next.type !== 'none') return { paymentId: payment.id, next: payment.next };
  // The start had no answer: whoever looks at the payment has the same order started again.
  const next = await insist(async () => {
    const looked = await payer.ask('GET', `/api/v1/billing/payments/${payment.id}`);
    return looked && looked.next.type !== 'none' ? looked.next : undefined;
  });
  return { paymentId: payment.id, next };
}

/** The answer to a purchase may have died with its server: then the payment is found by its amount. */
async function buy(payer: Payer, plan: Plan): Promise<Json | undefined> {
  const [whole, cents] = [plan.amountMinor / 100n, plan.amountMinor % 100n];
  const amount = `${whole}.${String(cents).padStart(2, '0')}`;
  const body = { amount, currency: 'USD', provider: plan.provider };
  const path = '/api/v1/billing/wallet/top-ups';
  const bought = await payer.ask('POST', path, body, `payment-${plan.index}`);
  if (bought) return bought.payment;
  const list = await payer.ask('GET', '/api/v1/billing/payments?limit=100');
  return list?.data.find((payment: Json) => payment.amount === amount);
}

async function insist<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tried = 0; tried < triesMax; tried += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(tryAgainMs);
  }
  throw new Error('there was no answer for too long');
}

export interface Counter {
  /** Where the providers' pages and the steering are, in good weather. */
  directUrl: string;
  lineUrl: string;
}

/** Goes to the provider's page and does there what the plan says. */
export async function payThere(
  plan: Plan,
  begun: Begun & { number: string },
  { directUrl, lineUrl }: Counter,
): Promise<void> {
  await follow(begun.next, (url) => url.replace(lineUrl, directUrl));
  const steer = async (steering: object) => {
    const url = `${directUrl}/sandbox/${plan.provider}/orders/${begun.number}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(steering) });
    if (!answer.ok) throw new Error(`${plan.provider} refused it: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const notify = plan.isSilent ? { notify: 'none' } : {};
  if (plan.ends === 'paid' || plan.ends === 'refunded') {
    await steer({ ...notify, outcome: 'paid' });
  }
  if (plan.ends === 'second_try') {
    await steer({ outcome: 'declined' });
    await steer({ ...notify, outcome: 'paid' });
  }
  if (plan.ends === 'declined' || plan.ends === 'abandoned') await steer({ outcome: plan.ends });
}

/** An operator gives a payment back once its money is here; whether an answer came or not, the refund is asked for once. */
export async function giveBack(operator: Payer, plan: Plan, paymentId: string): Promise<void> {
  const path = `/api/v1/admin/payments/${paymentId}`;
  await insist(async () => {
    const payment = await operator.ask('GET', path);
    return payment?.status === 'succeeded' ? payment : undefined;
  });
  await insist(async () => {
    const body = { reason: 'Bad weather' };
    const refund = await operator.ask('POST', `${path}/refunds`, body, `refund-${plan.index}`);
    if (refund) return refund;
    // The answer may have been lost with its server.
    const payment = await operator.ask('GET', path);
    return payment?.refunds[0];
  });
}

async function follow(next: Json, reach: (url: string) => string): Promise<void> {
  const url: string | null = next.type === 'form' ? next.action : next.url;
  if (!url || !/^https?:/.test(url)) return;
  const form =
    next.type === 'form' ? { method: 'POST', body: new URLSearchParams(next.fields) } : {};
  const answer = await fetch(reach(url), { ...form, redirect: 'manual' });
  await answer.arrayBuffer();
}

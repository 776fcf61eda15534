/** Cards and bank accounts at the Stripe simulator, for tests of what is charged without the payer. */
import type { Sandbox } from '../../../../../sandbox/src/sandbox.ts';
import type { Context } from '../../../platform/context.ts';
import type { PaymentMethod } from '../core/method.ts';
import { listMethods } from '../operations/read-methods.ts';
import { getSetup, setUpMethod } from '../operations/set-up-method.ts';
import { updateProvider } from '../operations/update-provider.ts';

export interface CardTill {
  url: string;
  /** Bends one order, tells what its payer does, or, without a number, bends every order. */
  steer(number: string | undefined, steering: Record<string, unknown>): Promise<void>;
  /** What the simulator knows of an order; undefined where it never came there. */
  order(number: string): Promise<{ status: string; payment_intent: string | null } | undefined>;
  /** Orders whose money the simulator has. */
  paidOrders(): Promise<string[]>;
  /** Stores a card, `4242…` unless told otherwise. */
  storeCard(context: Context, organizationId: string, instrument?: string): Promise<PaymentMethod>;
}

/** Sets Stripe up at its simulator. Its calendar is the computer's, so the test's clocks are set to that. */
export async function openCardTill(context: Context, sandbox: Sandbox): Promise<CardTill> {
  const url = `http://127.0.0.1:${sandbox.port}/sandbox/stripe`;
  const settings = { ...sandbox.stripe, api_url: url };
  await updateProvider(context, { provider: 'stripe', enabled: true, settings });
  const steer: CardTill['steer'] = (number, steering) =>
    post(number === undefined ? `${url}/steering` : `${url}/orders/${number}`, steering);
  return {
    ...{ url, steer },
    async order(number) {
      const answer = await fetch(`${url}/orders/${number}`);
      return answer.ok ? ((await answer.json()) as never) : undefined;
    },
    async paidOrders() {
      const { data } = (await (await fetch(`${url}/orders`)).json()) as {
        data: { number: string; status: string }[];
      };
      return data.filter(({ status }) => status === 'paid').map(({ number }) => number);
    },
    async storeCard(context, organizationId, instrument = '4242424242424242') {
      const setup = await setUpMethod(context, {
        ...{ organizationId, provider: 'stripe', means: undefined, returnUrl: undefined },
      });
      await steer(setup.number, { instrument, notify: 'none' });
      await steer(setup.number, { outcome: 'paid' });
      const stored = await getSetup(context, { organizationId, id: setup.id });
      const methods = await listMethods(context, organizationId);
      const method = methods.find(({ id }) => id === stored.methodId);
      if (!method) throw new Error(`the card was not stored: ${JSON.stringify(stored)}`);
      return method;
    },
  };
}

async function post(url: string, body: Record<string, unknown>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulator refused the steering: ${await answer.text()}`);
}

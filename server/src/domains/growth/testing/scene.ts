/** What happens around codes, over the real domains below: somebody signs up, pays, and gets it back. */
import type { Sandbox } from '../../../../../sandbox/src/sandbox.ts';
import type { Context } from '../../../platform/context.ts';
import { register } from '../../identity/operations/register.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import type { Shop } from '../../invoicing/testing/shop.ts';
import { readWallet } from '../../ledger/index.ts';
import { refundPayment } from '../../payments/operations/refund-payment.ts';
import { settleAttempt } from '../../payments/operations/settle-attempt.ts';
import { keepDispute } from '../../payments/operations/take-dispute-news.ts';
import { getInvite } from '../operations/get-invite.ts';

/** `stage` answers what the test that runs now has opened. */
export function growthScene(stage: () => { shop: Shop; sandbox: Sandbox }) {
  let people = 0;
  return {
    /** Each from an address of their own unless the test says where. */
    async signUp(code?: string, where: Partial<Context['actor']> = {}): Promise<string> {
      const { context } = stage().shop;
      people += 1;
      const actor = { ...context.actor, ip: `198.51.100.${people % 250}`, ...where };
      const { organization } = await register(
        { ...context, actor },
        {
          ...{ email: `growth${people}@example.com`, password: 'correct horse battery' },
          ...(code !== undefined && { inviteCode: code }),
        },
      );
      return organization.id;
    },
    codeOf: async (organizationId: string) =>
      (await getInvite(stage().shop.context, organizationId)).code,
    /** In dollars, by a gateway that charges credits for them; answers the payment. */
    async pay(organizationId: string, amount = '20.00', payer?: string): Promise<string> {
      const { shop, sandbox } = stage();
      const { payment } = await topUpWallet(shop.context, {
        ...{ organizationId, amount, currency: 'USD', provider: 'credit', returnUrl: undefined },
      });
      await settleAttempt(shop.context, {
        ...{ number: await shop.numberOf(payment.id), merchant: sandbox.credit.pid, payer },
        ...{ providerTransaction: `t_${payment.id}`, provider: 'credit', source: 'query' },
        amount: { minor: BigInt(Math.round(Number(amount) * 720)), currency: 'LDC' },
      });
      return payment.id;
    },
    refund: (paymentId: string) =>
      refundPayment(stage().shop.context, {
        ...{ paymentId, amount: undefined, reason: 'Asked', destination: 'provider' },
        leavesDebt: true,
      }),
    async dispute(paymentId: string, status: 'needs_response' | 'won' = 'needs_response') {
      const { shop, sandbox } = stage();
      const number = await shop.numberOf(paymentId);
      await keepDispute(shop.context, {
        ...{ provider: 'credit', merchant: sandbox.credit.pid, isAnswer: false },
        news: {
          ...{ reference: `dp_${paymentId}`, reason: 'fraudulent', respondBy: null },
          ...{ isWithdrawn: status !== 'won', status },
          payment: { number, providerTransaction: null },
          amount: { minor: 14_400n, currency: 'LDC' },
        },
      });
    },
    /** What is left of an organization's grants, in units. */
    async credit(organizationId: string): Promise<number> {
      const { grants } = await readWallet(stage().shop.db.database, organizationId);
      const total = grants.reduce((sum, { available }) => sum + available, 0n);
      return Number(total / 1_000_000n) / 1_000;
    },
  };
}

import { Refusal } from '../../../platform/errors.ts';

/** What a request says that a payment is made with. */
interface PayWithBody {
  provider?: string | undefined;
  means?: string | undefined;
  save_method?: boolean | undefined;
  payment_method_id?: string | undefined;
  return_url?: string | undefined;
}

/** The same in the words of operations. */
export interface PayWith {
  /** A provider, `wallet`, or null where nothing or only a stored method is named. */
  provider: string | null;
  means: string | undefined;
  savesMethod: boolean | undefined;
  methodId: string | undefined;
  returnUrl: string | undefined;
}

/** @throws Refusal `rule_violated` for a stored method beside a provider: it is with its own. */
export function readPayWith(body: PayWithBody): PayWith {
  const { provider = null, payment_method_id: methodId } = body;
  if (provider !== null && methodId !== undefined) {
    throw new Refusal(
      'rule_violated',
      'Name a provider or a stored payment method, not both: a method is charged at its own.',
      { param: 'payment_method_id' },
    );
  }
  return {
    ...{ provider, means: body.means, savesMethod: body.save_method, methodId },
    returnUrl: body.return_url,
  };
}

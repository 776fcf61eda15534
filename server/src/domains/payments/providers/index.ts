import type { PaymentProvider } from '../provider.ts';
import { alipay } from './alipay/index.ts';
import { credit } from './credit/index.ts';
import { manual } from './manual/index.ts';
import { paypal } from './paypal/index.ts';
import { stripe } from './stripe/index.ts';
import { wallet } from './wallet/index.ts';
import { wechat } from './wechat/index.ts';

/** Every provider, in the order in which operators see them. */
export const providers: readonly PaymentProvider[] = [
  credit,
  stripe,
  paypal,
  alipay,
  wechat,
  manual,
  wallet,
];

export function providerNamed(id: string): PaymentProvider | undefined {
  return providers.find((provider) => provider.id === id);
}

/** The customer's own wallet as a payment provider: a purchase paid from it takes the path of all others. */
import type { PaymentProvider } from '../../provider.ts';

export const wallet: PaymentProvider = {
  id: 'wallet',
  name: 'Wallet',
  settings: [],
  capabilities: {
    ...{ notifies: false, finds: false, closes: false, refunds: 'part' },
    ...{ stores: false, disputes: false, statements: false },
  },
};

/** The customer's own wallet as a payment provider: a purchase paid from it takes the path of all others. */
import type { PaymentProvider } from '../../provider.ts';

export const wallet: PaymentProvider = {
  id: 'wallet',
  name: 'Wallet',
  settings: [],
  capabilities: { notifies: false, finds: false, partialRefund: true, offSession: false },
};

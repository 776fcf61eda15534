/** Money that came another way and is recorded by an operator: a bank transfer, cash, a check. */
import type { PaymentProvider } from '../../provider.ts';

export const manual: PaymentProvider = {
  id: 'manual',
  name: 'Manual payment',
  settings: [],
  capabilities: { notifies: false, finds: false, partialRefund: true, offSession: false },
};

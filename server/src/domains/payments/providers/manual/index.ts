/** Money that came another way and is recorded by an operator: a bank transfer, cash, a check. */
import type { PaymentProvider } from '../../provider.ts';

export const manual: PaymentProvider = {
  id: 'manual',
  name: 'Manual payment',
  settings: [],
  capabilities: {
    ...{ notifies: false, finds: false, closes: false, refunds: 'part' },
    ...{ stores: false, disputes: false, statements: false },
  },
};

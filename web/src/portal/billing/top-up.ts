import type { PayWith } from '../../features/payment/way.ts';

/** Money that a customer pays into the wallet, as asked for. */
export interface TopUp {
  amount: string;
  currency: string;
  way: PayWith;
}

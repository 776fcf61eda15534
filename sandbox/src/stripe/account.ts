/** The merchant's account: drawn once, as a new test account at Stripe would be. */
import { newId } from './ids.ts';

export interface Account {
  account: string;
  secret_key: string;
  webhook_secret: string;
}

export function drawStripeAccount(): Account {
  return {
    account: newId('acct', 16),
    secret_key: newId('sk_test', 99),
    webhook_secret: newId('whsec', 32),
  };
}

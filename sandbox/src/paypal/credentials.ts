/** What PayPal gave the merchant: the app's id and secret, and the id under which its webhook is registered. */
import { createHash, randomBytes, randomInt } from 'node:crypto';

export interface PaypalCredentials {
  client_id: string;
  client_secret: string;
  webhook_id: string;
}

export function drawPaypalCredentials(): PaypalCredentials {
  return {
    client_id: `A${randomBytes(39).toString('base64url')}`,
    client_secret: `E${randomBytes(39).toString('base64url')}`,
    webhook_id: drawId(),
  };
}

const LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Seventeen capital letters and digits, as most of the vendor's ids are. */
export function drawId(length = 17): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** What the vendor calls a customer: the same for the same name that the merchant has for them. */
export function customerOf(merchantCustomer: string | undefined): string {
  if (merchantCustomer === undefined) return drawId(10);
  const digest = createHash('sha256').update(merchantCustomer).digest();
  return [...digest.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

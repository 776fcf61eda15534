/** Cards and bank accounts for practice, as Stripe publishes them. https://docs.stripe.com/testing */

export interface Instrument {
  kind: 'card' | 'bank';
  number: string;
  brand: string;
  /** What comes of a charge. */
  fate: Fate;
  /** What comes of one made while the payer is elsewhere, where that differs. */
  offSession?: Fate;
}

export type Fate =
  | { kind: 'paid' }
  /** Paid, and taken back by its owner at once. */
  | { kind: 'disputed'; reason: string; status: 'needs_response' | 'warning_needs_response' }
  | { kind: 'declined'; code: string; declineCode?: string }
  /** The payer has to confirm it with their bank. */
  | { kind: 'confirmed' }
  /** Given, and on its way for days; `returns` says why it comes back. */
  | { kind: 'processing'; returns?: string };

const declined = (declineCode: string): Fate => ({
  kind: 'declined',
  code: 'card_declined',
  declineCode,
});
const failing = (code: string): Fate => ({ kind: 'declined', code });
const paid: Fate = { kind: 'paid' };
const needsPayer = declined('authentication_required');

const cards: readonly (readonly [string, string, Fate, Fate?])[] = [
  ['4242424242424242', 'visa', paid],
  ['4000056655665556', 'visa', paid],
  ['5555555555554444', 'mastercard', paid],
  ['378282246310005', 'amex', paid],
  ['6200000000000005', 'unionpay', paid],
  ['4000000000000002', 'visa', declined('generic_decline')],
  ['4000000000009995', 'visa', declined('insufficient_funds')],
  ['4000000000009987', 'visa', declined('lost_card')],
  ['4000000000009979', 'visa', declined('stolen_card')],
  ['4100000000000019', 'visa', declined('fraudulent')],
  ['4000000000006975', 'visa', declined('card_velocity_exceeded')],
  ['4000000000000069', 'visa', failing('expired_card')],
  ['4000000000000127', 'visa', failing('incorrect_cvc')],
  ['4000000000000119', 'visa', failing('processing_error')],
  ['4000000000000341', 'visa', declined('generic_decline')],
  ['4000002500003155', 'visa', { kind: 'confirmed' }, paid],
  ['4000002760003184', 'visa', { kind: 'confirmed' }, needsPayer],
  ['4000000000003220', 'visa', { kind: 'confirmed' }, needsPayer],
  ['4000000000000259', 'visa', disputed('fraudulent', 'needs_response')],
  ['4000000000001976', 'visa', disputed('fraudulent', 'warning_needs_response')],
];

const accounts: readonly (readonly [string, Fate])[] = [
  ['000123456789', { kind: 'processing' }],
  ['000111111113', { kind: 'processing', returns: 'account_closed' }],
  ['000111111116', { kind: 'processing', returns: 'no_account' }],
  ['000222222227', { kind: 'processing', returns: 'insufficient_funds' }],
  ['000333333335', { kind: 'processing', returns: 'debit_not_authorized' }],
];

function disputed(reason: string, status: 'needs_response' | 'warning_needs_response'): Fate {
  return { kind: 'disputed', reason, status };
}

const known = new Map<string, Instrument>([
  ...cards.map(([number, brand, fate, offSession]): [string, Instrument] => [
    number,
    { kind: 'card', number, brand, fate, ...(offSession ? { offSession } : {}) },
  ]),
  ...accounts.map(([number, fate]): [string, Instrument] => [
    number,
    { kind: 'bank', number, brand: 'bank', fate },
  ]),
]);

export const usualCard = '4242424242424242';
export const usualAccount = '000123456789';

/** Spaces are what people type. */
export function instrumentOf(number: string): Instrument | undefined {
  return known.get(number.replace(/[\s-]/g, ''));
}

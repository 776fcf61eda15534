/** A fapiao: its states as data, what an invoice is worth on one, and what is refused. */
import type { Invoice } from './invoice.ts';

export type FapiaoStatus =
  | 'requested'
  | 'issued'
  | 'sent'
  | 'rejected'
  | 'to_be_reversed'
  | 'reversed';
export type FapiaoFormat = 'pdf' | 'ofd';
export type Vat = 'general' | 'special';

/** Who it is made out to. */
export interface FapiaoTitle {
  kind: 'individual' | 'company';
  name: string;
  taxNumber: string | null;
  address: string | null;
  phone: string | null;
  bank: string | null;
  account: string | null;
  email: string;
}

export interface Fapiao {
  id: string;
  organizationId: string;
  status: FapiaoStatus;
  vat: Vat;
  title: FapiaoTitle;
  currency: string;
  /** With its tax; what its invoices come to. */
  amountMinor: bigint;
  invoices: FapiaoInvoice[];
  code: string | null;
  number: string | null;
  /** `YYYY-MM-DD`. */
  issuedOn: string | null;
  file: { format: FapiaoFormat; bytes: number; sha256: string } | null;
  /** Why it was rejected, or has to be reversed. */
  reason: string | null;
  redCode: string | null;
  redNumber: string | null;
  reversedOn: string | null;
  requestedAt: Date;
  issuedAt: Date | null;
  sentAt: Date | null;
  closedAt: Date | null;
}

export interface FapiaoInvoice {
  id: string;
  number: string | null;
  amountMinor: bigint;
}

export type FapiaoAction = 'issue' | 'send' | 'reject' | 'credit' | 'reverse';

/**
 * What becomes of a fapiao. It may be issued again until it was sent, for numbers are mistyped; it may be sent again,
 * for mails get lost; and an operator may reverse one that no credit note has touched, for titles are mistyped too.
 */
export const fapiaoTransitions: Record<
  FapiaoStatus,
  Partial<Record<FapiaoAction, FapiaoStatus>>
> = {
  requested: { issue: 'issued', reject: 'rejected', credit: 'requested' },
  issued: { issue: 'issued', send: 'sent', credit: 'to_be_reversed', reverse: 'reversed' },
  sent: { send: 'sent', credit: 'to_be_reversed', reverse: 'reversed' },
  to_be_reversed: { credit: 'to_be_reversed', reverse: 'reversed' },
  rejected: {},
  reversed: {},
};

export type FapiaoBlock = 'not_paid' | 'currency' | 'from_wallet' | 'nothing_left' | 'on_fapiao';

/** An invoice, and what is known of the money behind it. */
export interface FapiaoCandidate {
  invoice: Pick<
    Invoice,
    | 'id'
    | 'number'
    | 'kind'
    | 'status'
    | 'total'
    | 'paidAt'
    | 'creditAppliedMinor'
    | 'creditedMinor'
    | 'creditedDueMinor'
  >;
  /** Its money came from the wallet, whose top-up has a fapiao of its own. */
  isPaidFromWallet: boolean;
  /** Of the credit that it used: from invoices that were paid from outside, and by nothing else. */
  outsideCreditMinor: bigint;
  /** The fapiao that it is on and that stands. */
  fapiaoId: string | null;
}

/**
 * What a fapiao for an invoice may be over: the money that really came from outside for it, less what credit notes gave
 * back. Credit counts where its money came from outside and was taken off the fapiao of the invoice it was paid for;
 * where that cannot be told it does not, so that no money is ever on two fapiao.
 */
export function fapiaoAmountOf(candidate: FapiaoCandidate): bigint {
  const { invoice, isPaidFromWallet, outsideCreditMinor } = candidate;
  if (invoice.status !== 'paid') return 0n;
  const { total, creditAppliedMinor, creditedMinor, creditedDueMinor } = invoice;
  const money = isPaidFromWallet ? 0n : total.minor - creditAppliedMinor - creditedDueMinor;
  const returned = creditedMinor - creditedDueMinor;
  const amount = money + outsideCreditMinor - returned;
  return amount > 0n ? amount : 0n;
}

/** Why an invoice takes no fapiao; null where it takes one. */
export function fapiaoBlockOf(
  candidate: FapiaoCandidate,
  currencies: readonly string[],
): FapiaoBlock | null {
  const { invoice, isPaidFromWallet, fapiaoId } = candidate;
  if (invoice.status !== 'paid') return 'not_paid';
  if (!currencies.includes(invoice.total.currency)) return 'currency';
  if (fapiaoId !== null) return 'on_fapiao';
  if (fapiaoAmountOf(candidate) > 0n) return null;
  return isPaidFromWallet ? 'from_wallet' : 'nothing_left';
}

const beginnings: Record<FapiaoFormat, readonly number[]> = {
  // "%PDF-"
  pdf: [0x25, 0x50, 0x44, 0x46, 0x2d],
  // An OFD is a zip archive. GB/T 33190-2016
  ofd: [0x50, 0x4b, 0x03, 0x04],
};

/** Whether a file begins as its format does: a wrong file is noticed before it is mailed. */
export function isOfFormat(content: Uint8Array, format: FapiaoFormat): boolean {
  return beginnings[format].every((byte, index) => content[index] === byte);
}

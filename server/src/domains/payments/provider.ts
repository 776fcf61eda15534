/**
 * The port of payment providers. A provider declares its settings and what it can do; connected with its settings it
 * prices, starts, finds, closes and refunds payments, charges stored methods, hands out statements, and reads its own
 * notifications. It never touches the database, and decides nothing: what it answers is the outside's word.
 *
 * What it promises: no method throws for whatever the outside does (no answer is `unknown`); the same number sent twice
 * is one order, one charge or one refund; no answer, error or log line holds a secret.
 */
import type { MinorMoney } from '../../platform/money.ts';
import type { NextStep } from './core/attempt.ts';
import type { DeclineCode } from './core/declines.ts';
import type { Bilingual, SettingDefinition, SettingValues } from './core/settings.ts';
import type { CollectedMoney } from './core/settlement.ts';
import type { Outside } from './outside.ts';

export interface PaymentProvider {
  readonly id: string;
  readonly name: string;
  /** It is being written: its contract suite is not green yet, so it is in no list that ships. */
  readonly draft?: true;
  readonly settings: readonly SettingDefinition[];
  readonly capabilities: Capabilities;
  /** Ways in which a payer can pay there, the usual one first; left out where there is one. */
  readonly means?: readonly Means[];
  /** IANA time zone of the calendar that its statements go by; UTC where left out. */
  readonly calendar?: string;
  /** What it does with the outside world; left out where there is none behind it. */
  readonly online?: Online;
}

/** Its label stands alone: `Card`, `Scan with WeChat`. */
export interface Means {
  id: string;
  label: Bilingual;
  /** Whether the provider asks for the payer's network address. */
  wantsAddress?: boolean;
}

export interface Online {
  /** The answers that the provider understands after a notification. */
  readonly answers: { acknowledge: ProviderAnswer; refuse: ProviderAnswer };
  /** What is wrong with settings that are each well formed; undefined when they can be used together. */
  check(values: SettingValues, place: Place): string | undefined;
  connect(values: SettingValues, outside: Outside): Connection;
}

export interface Capabilities {
  notifies: boolean;
  finds: boolean;
  closes: boolean;
  refunds: 'none' | 'whole' | 'part';
  /** Keeps a payer's method and charges it without the payer. */
  stores: boolean;
  disputes: boolean;
  statements: boolean;
}

export interface ProviderAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** Where this deployment is reached. */
export interface Place {
  mode: 'sandbox' | 'live';
  publicUrl: string;
}

/** A provider with its settings. Each optional method is there where its capability is declared. */
export interface Connection {
  /** Who we are to the provider; frozen on each attempt. */
  readonly merchant: string;
  /** Whether a notification only prompts a query, and the query's answer is what counts. */
  readonly confirmByQuery: boolean;
  /** Currencies that can be paid in; null for any. */
  readonly currencies: readonly string[] | null;
  /** What the provider will collect for an amount; undefined where it does not take that currency or amount. */
  quote(amount: MinorMoney): Quote | undefined;
  start(order: Order): Promise<StartOutcome>;
  /** What became of an order. What the payer has approved is captured here, unless `mayCapture` is false. */
  find(asked: Asked): Promise<FindOutcome>;
  /** Makes sure that nobody pays it any more. */
  close?(asked: Asked): Promise<CloseOutcome>;
  refund?(order: RefundOrder): Promise<RefundOutcome>;
  findRefund?(order: RefundOrder): Promise<RefundOutcome | { status: 'absent' }>;
  /** How a dispute stands now, by what the provider calls it. */
  findDispute?(reference: string): Promise<DisputeOutcome>;
  readonly methods?: StoredMethods;
  /** What the provider has booked on a day of its own calendar. */
  statement?(day: StatementDay): Promise<StatementOutcome>;
  /** Whether the provider answers to these settings; moves nothing. */
  probe(): Promise<ProbeOutcome>;
  /** Proves where a notification comes from. Claims of an unverified one are never looked at. */
  verify(notification: Notification): Promise<Verification>;
  /** Says in our words what verified claims mean. Pure. */
  translate(claims: Claims): NotificationMeaning;
}

export interface Quote {
  charged: MinorMoney;
  /** Units of the charged currency per unit of the amount's. */
  rate: string;
}

export interface Order {
  number: string;
  title: string;
  charged: MinorMoney;
  /** One of the provider's `means`; the first where nothing was chosen. */
  means: string | null;
  notifyUrl: string;
  returnUrl: string;
  /** Nothing may be paid after it; null: the provider's own term. */
  expiresAt: Date | null;
  payer: Payer;
  /** Whether the payer wants the method kept for later. */
  savesMethod: boolean;
}

export interface Payer {
  /** Stable, and nobody's name: for providers that keep customers. */
  organizationId: string;
  email: string | null;
  /** What the provider called this payer when a method was stored; null: not known there. */
  customer: string | null;
  locale: 'en' | 'zh-CN';
  /** For means that want it. */
  address: string | null;
}

/** An order that is asked about. */
export interface Asked {
  number: string;
  /** What the provider called it when it was started; null where that was lost or is not needed. */
  reference: string | null;
  charged: MinorMoney;
  /** False once nobody waits for its money any more. */
  mayCapture: boolean;
}

export type StartOutcome =
  | { status: 'pending'; next: NextStep; reference?: string }
  | { status: 'declined'; code: DeclineCode }
  | { status: 'unknown' };

export type FindOutcome =
  | { status: 'succeeded'; money: CollectedMoney; method?: SavedMethod }
  /** `declined`: why the last try on its page brought no money; another one may. */
  | { status: 'pending'; declined?: DeclineCode }
  /** The payer has done their part and the money is under way, for days perhaps; no term ends it. */
  | { status: 'processing' }
  /** The provider knows no such order: the payer has not come there yet. */
  | { status: 'absent' }
  | { status: 'declined'; code?: DeclineCode }
  /** No answer, or none that can be understood; it says nothing about the money. */
  | { status: 'unknown' };

/** `paid`: it was too late to close it, so it is to be asked about. */
export type CloseOutcome = { status: 'closed' } | { status: 'paid' } | { status: 'unknown' };

export interface RefundOrder {
  /** 24 characters like an attempt's: the refund's number at the provider, and the idempotency key there. */
  number: string;
  /** What the provider calls the refund, where it has said so by now. */
  reference?: string | null;
  payment: {
    number: string;
    reference: string | null;
    providerTransaction: string;
    charged: MinorMoney;
  };
  /** In the charged currency, at most what was charged. */
  amount: MinorMoney;
  reason: string;
  notifyUrl: string;
}

export type RefundOutcome =
  | { status: 'succeeded' | 'pending'; reference: string }
  /** Certain that no money went and none will: another refund may be made. */
  | { status: 'failed'; reason: string }
  | { status: 'unknown' };

export interface StoredMethods {
  /** Lets the payer store a method without paying; its number is asked about with `findSetup`. */
  setUp(
    order: Omit<Order, 'charged' | 'savesMethod'> & { currency: string },
  ): Promise<StartOutcome>;
  findSetup(asked: Omit<Asked, 'charged'>): Promise<SetupOutcome>;
  /** How a stored method stands there now; a card that its bank has renewed is the same one with another expiry. */
  find(method: Pick<SavedMethod, 'reference' | 'customer'>): Promise<MethodOutcome>;
  /** Charges without the payer. */
  charge(order: Order, method: SavedMethod): Promise<ChargeOutcome>;
  /** Forgets it there; one that is gone already is forgotten. */
  remove(method: Pick<SavedMethod, 'reference' | 'customer'>): Promise<'removed' | 'unknown'>;
}

/** A payer's method as the provider keeps it. */
export interface SavedMethod {
  /** What it is called there. */
  reference: string;
  customer: string | null;
  kind: 'card' | 'bank_account' | 'account' | 'agreement';
  /** What the payer knows it by, such as `Visa •••• 4242`; never a whole number. */
  label: string;
  /** The month after which it is good for nothing, as `2028-04`. */
  expires: string | null;
}

export type MethodOutcome =
  | { status: 'stored'; method: SavedMethod }
  /** Gone there for certain: it can be charged no more. */
  | { status: 'removed' }
  | { status: 'unknown' };

export type SetupOutcome =
  | { status: 'stored'; method: SavedMethod }
  | { status: 'pending' | 'absent' | 'unknown' }
  | { status: 'declined'; code?: DeclineCode };

export type ChargeOutcome =
  | { status: 'succeeded'; money: CollectedMoney; reference?: string }
  /** Under way: it is found or told of later. */
  | { status: 'processing'; reference?: string }
  /** `action_required` wants the payer: a pay link is sent. */
  | { status: 'declined'; code: DeclineCode; reference?: string }
  | { status: 'unknown'; reference?: string };

export interface StatementDay {
  /** `2026-03-31`, in the provider's own calendar. */
  date: string;
}

export type StatementOutcome =
  | { status: 'ready'; from: Date; to: Date; lines: StatementLine[] }
  /** It is made later; ask again. */
  | { status: 'not_ready' }
  | { status: 'unknown' };

export interface StatementLine {
  kind: 'payment' | 'refund' | 'dispute' | 'fee' | 'payout' | 'other';
  /** Our number of the payment or refund, where the provider names it. */
  number: string | null;
  /** The same as is told and found of it: of a refund or a dispute, its reference. */
  providerTransaction: string;
  /** Of a refund: the payment that it gives back, where the statement says. */
  payment?: { number: string | null; providerTransaction: string | null };
  /** Signed as it changed our balance there, before fees. */
  amount: MinorMoney;
  /** What the provider kept of it, zero or more; null where the statement does not say. */
  fee: MinorMoney | null;
  at: Date;
}

export type ProbeOutcome = { answers: true } | { answers: false; reason: string };

/** A call of the provider, as it came over the wire. */
export interface Notification {
  method: string;
  /** Raw query string, without the question mark. */
  query: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Plain JSON: it is kept, and translated again when what follows from it has to be tried again. */
export type Claims = Readonly<Record<string, unknown>>;

/** `isUncertain`: nobody could be asked whether it is true, so it is looked at again later. */
export type Verification =
  | { verified: true; claims: Claims }
  | { verified: false; reason: string; isUncertain?: boolean };

/** `reference`: what the provider calls the order it speaks of, where it says so; ask with it, for ours may be lost. */
export type NotificationMeaning =
  | { kind: 'collected'; money: CollectedMoney; reference?: string }
  /** Something became of an order, or of a method that is being stored: ask. */
  | { kind: 'changed'; number: string; reference?: string }
  /** Something became of a refund of ours, or of one that was made at the provider. */
  | { kind: 'refund'; refund: RefundNews }
  | { kind: 'dispute'; dispute: DisputeNews }
  | { kind: 'method_removed'; reference: string }
  /** True, and of no consequence: an order that is not paid. */
  | { kind: 'nothing' }
  /** Verified, and still not to be believed: an amount that is no amount. */
  | { kind: 'implausible'; reason: string };

export interface RefundNews {
  /** Our refund's number; null where it was not made by us. */
  number: string | null;
  reference: string;
  /** Of the payment that is refunded. */
  payment: { number: string | null; providerTransaction: string | null };
  amount: MinorMoney;
  status: 'succeeded' | 'pending' | 'failed';
}

export type DisputeOutcome =
  | { status: 'found'; dispute: DisputeNews }
  | { status: 'absent' | 'unknown' };

export interface DisputeNews {
  reference: string;
  payment: { number: string | null; providerTransaction: string | null };
  amount: MinorMoney;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
  reason: string;
  respondBy: Date | null;
  /** Whether the provider has taken the money from us by now. */
  isWithdrawn: boolean;
}

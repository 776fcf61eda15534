/**
 * The port of payment providers. A provider declares its settings and what it can do; connected with its settings it
 * prices, starts and finds payments, and reads its own notifications. It never touches the database.
 */
import type { MinorMoney } from '../../platform/money.ts';
import type { NextStep } from './core/attempt.ts';
import type { SettingDefinition, SettingValues } from './core/settings.ts';
import type { CollectedMoney } from './core/settlement.ts';
import type { Outside } from './outside.ts';

export interface PaymentProvider {
  readonly id: string;
  readonly name: string;
  readonly settings: readonly SettingDefinition[];
  readonly capabilities: Capabilities;
  /** What it does with the outside world; left out where there is none behind it. */
  readonly online?: Online;
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
  partialRefund: boolean;
  offSession: boolean;
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

/** A provider with its settings: what it says here is the outside's word, never a decision. */
export interface Connection {
  /** Who we are to the provider; frozen on each attempt. */
  readonly merchant: string;
  /** Whether a notification only prompts a query, and the query's answer is what counts. */
  readonly confirmByQuery: boolean;
  /** Currencies that can be paid in; null for any. */
  readonly currencies: readonly string[] | null;
  /** What the provider will collect for an amount; undefined where it does not take that currency. */
  quote(amount: MinorMoney): Quote | undefined;
  start(order: Order): Promise<StartOutcome>;
  find(number: string): Promise<FindOutcome>;
  /** Proves where a notification comes from. Claims of an unverified one are never looked at. */
  verify(notification: Notification): Verification;
  /** Says in our words what verified claims mean. */
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
  notifyUrl: string;
  returnUrl: string;
}

export type StartOutcome =
  | { status: 'pending'; next: NextStep }
  | { status: 'declined' }
  | { status: 'unknown' };

export type FindOutcome =
  | { status: 'succeeded'; money: CollectedMoney }
  | { status: 'pending' }
  /** The provider knows no such order: the payer has not come there yet. */
  | { status: 'absent' }
  | { status: 'declined' }
  /** No answer, or none that can be understood; it says nothing about the money. */
  | { status: 'unknown' };

/** A call of the provider, as it came over the wire. */
export interface Notification {
  method: string;
  /** Raw query string, without the question mark. */
  query: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export type Claims = Readonly<Record<string, string>>;

export type Verification = { verified: true; claims: Claims } | { verified: false; reason: string };

export type NotificationMeaning =
  | { kind: 'collected'; money: CollectedMoney }
  /** True, and of no consequence: an order that is not paid. */
  | { kind: 'nothing' }
  /** Verified, and still not to be believed: an amount that is no amount. */
  | { kind: 'implausible'; reason: string };

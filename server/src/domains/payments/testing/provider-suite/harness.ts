/** What a provider tells the suite about itself and its simulator; everything else is the same for all of them. */
import type { OpenCounterpart, Sandbox } from '../../../../../../sandbox/src/sandbox.ts';
import type { MinorMoney } from '../../../../platform/money.ts';
import type { NextStep } from '../../core/attempt.ts';
import type { DeclineCode } from '../../core/declines.ts';
import type { SettingValues } from '../../core/settings.ts';
import type { Notification, PaymentProvider } from '../../provider.ts';

export interface ProviderHarness {
  provider: PaymentProvider;
  /** The fewest tests that may run for it, so that none is lost unseen. */
  testsMin: number;
  /** What an operator would write to use the simulator: all that is required, native currency of `amounts[0]`. */
  settings(simulator: Simulator): SettingValues;
  /** A simulator that is not one of the sandbox's own yet. */
  counterpart?: OpenCounterpart;
  /** Tells the simulator where notifications go, where the vendor is told so once and not with each order. */
  listen?(simulator: Simulator, notifyUrl: string): Promise<void>;
  /** Others who use the same provider (another merchant, another mode): none may take our notification for theirs. */
  strangers: Readonly<Record<string, (settings: SettingValues) => SettingValues>>;
  /** Credentials of the right form that the vendor does not know. */
  wrongCredentials(settings: SettingValues): SettingValues;
  /** A true notification, changed in ways that the vendor's signature must catch; `unsigned` has none at all. */
  forgeries(notification: Notification): { unsigned: Notification } & Record<string, Notification>;
  /** What anybody can sign who knows no key; left out where signatures need no shared secret. */
  signedWithBlank?(notification: Notification): Notification;
  /** Amounts that it takes, and how the vendor writes them. The first is what every other test pays. */
  amounts: readonly [TakenAmount, ...TakenAmount[]];
  /** Amounts that `quote` refuses. With `amounts`, currencies of zero, two and three decimals are all spoken of. */
  refusedAmounts: readonly RefusedAmount[];
  /** The amount in the simulator's record of an order, as the vendor writes it. */
  amountThere(order: SimulatorOrder): unknown;
  /** Whether orders and set-ups start without a call: the payer takes them there. */
  startsWithoutCall?: boolean;
  /** What `find` says of an order whose payer was declined; `pending` where the payer may try again. */
  afterDecline: 'pending' | DeclineCode;
  /** Whether `find` is what moves approved money, so that it can refrain from it. */
  capturesWhenFound?: boolean;
  /** The payer's way from our page to the provider's, where following the next step is not enough. */
  arrive?(simulator: Simulator, next: NextStep): Promise<void>;
  /** Whether the vendor numbers no refunds, so that it takes a second one of a payment for the first. */
  numbersNoRefunds?: boolean;
  /** What `find` says of an order that was paid and given back in whole; `succeeded` where left out. */
  afterWholeRefund?: 'pending' | 'declined';
  /** Whether the vendor tells of refunds. */
  tellsOfRefunds?: boolean;
  /** The simulator's words for charges that are declined (`decline:<word>`), and ours. */
  chargeDeclines?: Readonly<Record<string, DeclineCode>>;
  /** The vendor's calendar, and how long after a day's end its statement can be had. */
  statement?: { timeZone: string; readyAfterHours: number };
}

export interface Simulator {
  sandbox: Sandbox;
  /** Where the provider reaches the simulators: `<url>/<vendor's id>/…`. What goes there is counted and can be disturbed. */
  url: string;
  /** The same place, neither counted nor disturbed: for tests. */
  directUrl: string;
}

export interface TakenAmount extends MinorMoney {
  /** As the vendor writes it. */
  there: string;
  /** Settings under which this currency is the provider's own. */
  settings?: SettingValues;
}

export interface RefusedAmount extends MinorMoney {
  why: string;
  settings?: SettingValues;
}

export type SimulatorOrder = Readonly<Record<string, unknown>>;

/** One test of the suite. */
export interface SuiteTest {
  name: string;
  /** Why it says nothing about this provider; such a test is listed as skipped. */
  skipped?: string | undefined;
  timeoutMs?: number;
  run(): Promise<void> | void;
}

/**
 * Compares a provider's statement with what we have. Pure: the caller loads what is of the day or named by a line, and
 * keeps what comes out.
 */
import type { MinorMoney } from '../../../platform/money.ts';
import type { StatementLine } from '../provider.ts';
import { isSameMoney } from './settlement.ts';

export const itemResults = ['matched', 'missing_here', 'missing_there', 'different'] as const;
export type ItemResult = (typeof itemResults)[number];
export type Difference = 'amount' | 'currency' | 'status';
/** What we have a record of; other kinds of lines are only counted together. */
export type BookedKind = 'payment' | 'refund' | 'dispute';
export type ItemKind = BookedKind | 'other';

/** Something of ours that a line may speak of. */
export interface Booked {
  kind: BookedKind;
  id: string;
  number: string | null;
  /** What the provider calls it. */
  reference: string | null;
  /** Signed as it changes our balance there. */
  amount: MinorMoney;
  status: 'booked' | 'pending' | 'failed';
  /** The payment that it belongs to, and whose it is; null for money of nobody we know. */
  attemptId: string | null;
  organizationId: string | null;
  /** Whether a line of this statement ought to speak of it. */
  isExpected: boolean;
}

export interface MatchedItem {
  /** The same in every run. */
  key: string;
  kind: ItemKind;
  result: ItemResult;
  difference: Difference | null;
  line: StatementLine | null;
  booked: Booked | null;
}

/** Every line that can be compared becomes one item, and so does everything expected that no line speaks of. */
export function matchStatement(
  lines: readonly StatementLine[],
  booked: readonly Booked[],
): MatchedItem[] {
  const shelf = shelve(booked);
  const seen = new Map<string, number>();
  const found = new Set<Booked>();
  const items: MatchedItem[] = [];
  const returned = new Set<Booked>();
  const compared = [...lines].filter(isCompared).sort(inOrder);
  for (const line of compared) {
    if (line.kind !== 'refund' || line.amount.minor <= 0n) continue;
    const refund = shelf.take(line);
    if (refund) returned.add(refund);
  }
  for (const line of compared) {
    const ours = shelf.take(line);
    if (ours) found.add(ours);
    const difference = ours ? differenceOf(line, ours, returned.has(ours)) : null;
    const name = `${line.kind}:${line.providerTransaction}`;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    items.push({
      key: `${name}:${count}`,
      kind: kindOf(line),
      result: !ours ? 'missing_here' : difference ? 'different' : 'matched',
      ...{ difference, line, booked: ours ?? null },
    });
  }
  for (const ours of booked) {
    if (found.has(ours) || !ours.isExpected || ours.status !== 'booked') continue;
    const { kind, id } = ours;
    const result = 'missing_there' as const;
    items.push({ key: `${kind}:booked:${id}`, kind, result, ...missingThere, booked: ours });
  }
  return items;
}

/**
 * Puts a fee that has a line of its own to the line that it is of, as some do when a refund gives its part of the fee back:
 * what is kept of that line is then less than nothing. Other fees belong to nobody's money and stay as they are.
 */
export function foldFees(lines: readonly StatementLine[]): StatementLine[] {
  const owners = new Map<string, StatementLine>();
  for (const line of lines) {
    if (isCompared(line)) owners.set(`${line.providerTransaction} ${line.amount.currency}`, line);
  }
  const kept = new Map<StatementLine, bigint>();
  const rest = lines.filter((line) => {
    const { kind, providerTransaction, amount } = line;
    const owner = owners.get(`${providerTransaction} ${amount.currency}`);
    const isSame = owner?.fee === null || owner?.fee?.currency === amount.currency;
    if (kind !== 'fee' || !owner || !isSame) return true;
    kept.set(owner, (kept.get(owner) ?? 0n) - amount.minor);
    return false;
  });
  return rest.map((line) => {
    const more = kept.get(line);
    if (more === undefined) return line;
    const { currency } = line.amount;
    return { ...line, fee: { minor: (line.fee?.minor ?? 0n) + more, currency } };
  });
}

const missingThere = { difference: null, line: null };

function isCompared({ kind }: StatementLine): boolean {
  return kind !== 'fee' && kind !== 'payout';
}

function kindOf({ kind }: StatementLine): ItemKind {
  return kind === 'payment' || kind === 'refund' || kind === 'dispute' ? kind : 'other';
}

/** Providers list in any order, and not always in the same one. */
function inOrder(a: StatementLine, b: StatementLine): number {
  const at = a.at.getTime() - b.at.getTime();
  if (at !== 0) return at;
  if (a.amount.minor !== b.amount.minor) return a.amount.minor < b.amount.minor ? -1 : 1;
  return a.providerTransaction < b.providerTransaction ? -1 : 1;
}

interface Shelf {
  /** What a line speaks of. A piece of money is spoken of once; a refund or a dispute may go and come back. */
  take(line: StatementLine): Booked | undefined;
}

function shelve(booked: readonly Booked[]): Shelf {
  const byReference = new Map<string, Booked>();
  const byNumber = new Map<string, Booked>();
  for (const ours of booked) {
    const { kind, reference, number } = ours;
    if (reference !== null) byReference.set(`${kind}:${reference}`, ours);
    // An order can be paid twice, so its number does not say which of its moneys is meant.
    if (number !== null && kind !== 'payment') byNumber.set(`${kind}:${number}`, ours);
  }
  const taken = new Set<Booked>();
  return {
    take({ kind, number, providerTransaction }) {
      const ours =
        byReference.get(`${kind}:${providerTransaction}`) ??
        (number === null ? undefined : byNumber.get(`${kind}:${number}`));
      if (!ours || (kind === 'payment' && taken.has(ours))) return undefined;
      taken.add(ours);
      return ours;
    },
  };
}

function differenceOf(line: StatementLine, ours: Booked, hasComeBack: boolean): Difference | null {
  if (line.amount.currency !== ours.amount.currency) return 'currency';
  if (ours.kind === 'payment') return isSameMoney(line.amount, ours.amount) ? null : 'amount';
  if (sizeOf(line.amount) !== sizeOf(ours.amount)) return 'amount';
  if (ours.kind === 'dispute') return null;
  // A refund that bounced has left and come back, which are two lines.
  const isRight = hasComeBack ? ours.status === 'failed' : ours.status === 'booked';
  return isRight ? null : 'status';
}

function sizeOf({ minor }: MinorMoney): bigint {
  return minor < 0n ? -minor : minor;
}

/** What an account of the ledger moved on the day, by what is behind it. */
export interface LedgerMovement {
  /** Of a payment, its attempt; of a refund or a dispute, itself. */
  reference: string;
  amount: MinorMoney;
}

export interface DayTotals {
  currency: string;
  payments: bigint;
  refunds: bigint;
  disputes: bigint;
  other: bigint;
  /** What moved our balance there before fees and payouts: the four above. */
  statement: bigint;
  ledger: bigint;
  fees: bigint;
  payouts: bigint;
  /** `statement` − `ledger`, where it comes from. */
  because: Because;
}

export interface Because {
  missingHere: bigint;
  missingThere: bigint;
  different: bigint;
  /** Booked here on another day than there. */
  otherDays: bigint;
  /** Money of nobody we know, which no customer's books have. */
  nobodys: bigint;
  other: bigint;
}

/** The two sides of a day, and every reason for which they differ; the reasons add up to the difference. */
export function totalsOf(
  lines: readonly StatementLine[],
  items: readonly MatchedItem[],
  movements: readonly LedgerMovement[],
): DayTotals[] {
  const totals = new Map<string, DayTotals>();
  const of = (currency: string) => {
    const found = totals.get(currency) ?? emptyTotals(currency);
    totals.set(currency, found);
    return found;
  };
  for (const line of lines) addLine(of, line);
  const open = new Map<string, Open>();
  const openOf = (reference: string, currency: string) => {
    const key = `${reference} ${currency}`;
    const found = open.get(key) ?? { currency, there: 0n, here: 0n, reason: 'otherDays' as const };
    open.set(key, found);
    return found;
  };
  for (const { reference, amount } of movements) {
    of(amount.currency).ledger += amount.minor;
    openOf(reference, amount.currency).here += amount.minor;
  }
  for (const item of items) addItem(of, openOf, item);
  for (const { currency, there, here, reason } of open.values()) {
    of(currency).because[reason] += there - here;
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

interface Open {
  currency: string;
  there: bigint;
  here: bigint;
  reason: keyof Because;
}

function addLine(of: (currency: string) => DayTotals, { kind, amount, fee }: StatementLine): void {
  const totals = of(amount.currency);
  if (fee) of(fee.currency).fees += fee.minor;
  if (kind === 'fee') totals.fees -= amount.minor;
  else if (kind === 'payout') totals.payouts += amount.minor;
  else {
    totals[`${kind === 'other' ? 'other' : (`${kind}s` as const)}`] += amount.minor;
    totals.statement += amount.minor;
  }
}

function addItem(
  of: (currency: string) => DayTotals,
  openOf: (reference: string, currency: string) => Open,
  { kind, result, line, booked }: MatchedItem,
): void {
  const reference = booked && (booked.kind === 'payment' ? booked.attemptId : booked.id);
  if (line && (!booked || reference === null || booked.organizationId === null)) {
    const { currency, minor } = line.amount;
    const reason = booked ? 'nobodys' : kind === 'other' ? 'other' : 'missingHere';
    of(currency).because[reason] += minor;
    return;
  }
  if (!booked || reference === null) return;
  const open = openOf(reference, (line ?? booked).amount.currency);
  if (line) open.there += line.amount.minor;
  if (result === 'missing_there') open.reason = 'missingThere';
  if (result === 'different') {
    open.reason = 'different';
    openOf(reference, booked.amount.currency).reason = 'different';
  }
}

function emptyTotals(currency: string): DayTotals {
  return {
    currency,
    ...{ payments: 0n, refunds: 0n, disputes: 0n, other: 0n, statement: 0n },
    ...{ ledger: 0n, fees: 0n, payouts: 0n },
    because: {
      ...{ missingHere: 0n, missingThere: 0n, different: 0n },
      ...{ otherDays: 0n, nobodys: 0n, other: 0n },
    },
  };
}

export const itemResolutions = ['settled', 'accepted', 'written_off', 'unapplied'] as const;

/**
 * `settled`: the money is counted here, and pays what it was for. `unapplied`: it is counted, and waits for an operator.
 * `written_off`: the ledger follows the provider. `accepted`: it is right as it is.
 */
export type ItemResolution = (typeof itemResolutions)[number];

export interface Resolvable {
  kind: ItemKind;
  result: ItemResult;
  difference: Difference | null;
  organizationId: string | null;
  line: MinorMoney | null;
  /** Of a refund: whether the statement says which payment it gives back. */
  namesPayment: boolean;
}

/** How a difference may be resolved; nothing for what is none. */
export function resolutionsOf(item: Resolvable): ItemResolution[] {
  const { kind, result, difference, organizationId } = item;
  if (result === 'matched') return [];
  if (result === 'missing_here') {
    const isMoney = kind === 'payment' && item.line !== null && item.line.minor > 0n;
    if (isMoney) return ['settled', 'unapplied', 'accepted'];
    const isRefund = kind === 'refund' && item.namesPayment;
    return isRefund ? ['settled', 'accepted'] : ['accepted'];
  }
  const isBookable =
    organizationId !== null && difference !== 'currency' && difference !== 'status';
  return isBookable ? ['written_off', 'accepted'] : ['accepted'];
}

/** What an import did, or would do. */

/** How many of one kind of thing. */
export interface Tally {
  read: number;
  moved: number;
  /** Of accounts that were moved: whose person was here already. */
  linked: number;
  changed: number;
  unchanged: number;
  left: number;
}

/** What an operator should know of one thing. */
export interface Note {
  kind: 'account' | 'balance' | 'key' | 'channel' | 'price';
  id: string;
  name: string;
  /** It stays there; otherwise it was moved without this. */
  isLeft: boolean;
  text: string;
}

export interface ImportReport {
  source: string;
  isTrial: boolean;
  /** Not so where it was stopped. */
  isComplete: boolean;
  accounts: Tally;
  balances: Tally;
  /** Nano-units of the usage currency, in opening balances. */
  balanceMoved: bigint;
  keys: Tally;
  usageDays: number;
  usageCalls: bigint;
  usageAmount: bigint;
  channels: Tally;
  notes: Note[];
}

const noTally = (): Tally => ({ read: 0, moved: 0, linked: 0, changed: 0, unchanged: 0, left: 0 });

export function newReport(source: string, isTrial: boolean): ImportReport {
  return {
    ...{ source, isTrial, isComplete: true, notes: [] },
    ...{ accounts: noTally(), balances: noTally(), keys: noTally(), channels: noTally() },
    ...{ balanceMoved: 0n, usageDays: 0, usageCalls: 0n, usageAmount: 0n },
  };
}

export function noteAll(
  report: ImportReport,
  of: Omit<Note, 'text' | 'isLeft'>,
  texts: readonly string[],
): void {
  for (const text of texts) report.notes.push({ ...of, isLeft: false, text });
}

export function noteLeft(report: ImportReport, note: Omit<Note, 'isLeft'>): void {
  report.notes.push({ ...note, isLeft: true });
}

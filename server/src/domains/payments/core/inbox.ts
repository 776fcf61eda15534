/** What becomes of a notification, and when it is tried again. */

export const inboxOutcomes = [
  'received',
  'settled',
  'repeated',
  'parked',
  'handled',
  'ignored',
  'unconfirmed',
  'failed',
  'dead',
  'refused',
] as const;

/**
 * `received`: stored, and being looked at. `unconfirmed`: the provider could not be asked, or does not say the same when
 * asked. `failed`: we could not do what follows from it. Both are tried again, and `dead` once that was in vain.
 * `refused`: nobody can tell that it is the provider's.
 */
export type InboxOutcome = (typeof inboxOutcomes)[number];

/** Nothing more is to be done about it, however often it comes. */
const done: readonly InboxOutcome[] = ['settled', 'repeated', 'parked', 'handled', 'ignored'];

export function isDone(outcome: InboxOutcome): boolean {
  return done.includes(outcome);
}

/** What came of taking a piece of news: done, or why it is not. */
export type Taken =
  | { outcome: 'settled' | 'repeated' | 'parked' | 'handled' | 'ignored' }
  /** Later it may be done. */
  | { outcome: 'unconfirmed' | 'failed'; reason: string }
  /** Trying again changes nothing: a person has to look at it. */
  | { outcome: 'dead'; reason: string };

const minuteMs = 60_000;
const distanceMaxMinutes = 24 * 60;
/** 1, 2, 4 … 1,024 minutes and a day: about two days and a half. */
const triesMax = 12;

/** When to try again after `tries` repetitions; undefined once it is given up. */
export function nextTryAt(now: Date, tries: number): Date | undefined {
  if (tries >= triesMax) return undefined;
  return new Date(now.getTime() + Math.min(2 ** tries, distanceMaxMinutes) * minuteMs);
}

/**
 * Whom to count an address for: a household has 2^64 addresses of IPv6, so its network counts as one.
 * Undefined stays apart as one sender of its own.
 */
export function senderOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (!address.includes(':') || /^::ffff:\d/i.test(address)) return address;
  const [head = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean).slice(0, 4);
  while (groups.length < 4) groups.push('0');
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

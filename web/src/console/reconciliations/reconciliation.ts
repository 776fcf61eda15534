/** Days that were compared with a provider's statement, and how they stand. */
import type { Answer } from '../../api/call.ts';
import type { Tone } from '../../ui/Status.tsx';

export type Reconciliation = Answer<'listReconciliations'>['data'][number];
export type Item = Answer<'listReconciliationItems'>['data'][number];
export type Totals = Reconciliation['totals'][number];
export type Resolution = Item['resolutions'][number];

export const statuses = ['running', 'waiting', 'done', 'failed'] as const;
export const results = ['matched', 'missing_here', 'missing_there', 'different'] as const;

export const resultTones: Record<Item['result'], Tone> = {
  matched: 'good',
  missing_here: 'bad',
  missing_there: 'bad',
  different: 'warning',
};

/** In one word: what is left to do counts more than that it was done. */
export type Standing = 'running' | 'waiting' | 'failed' | 'open' | 'clean';

export function standingOf({ status, counts }: Reconciliation): Standing {
  if (status !== 'done') return status;
  return counts.open > 0 ? 'open' : 'clean';
}

export const standingTones: Record<Standing, Tone> = {
  running: 'active',
  waiting: 'active',
  failed: 'bad',
  open: 'warning',
  clean: 'good',
};

/** Why the two sides differ, without the reasons that do not apply. */
export function reasonsOf({ because }: Totals): (keyof Totals['because'])[] {
  const names = Object.keys(because) as (keyof Totals['because'])[];
  return names.filter((name) => !isZero(because[name]));
}

export function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

import type { Answer } from '../../api/call.ts';

export type Risk = Answer<'listRisks'>['data'][number];
export type Flag = Risk['flags'][number];
export type Evidence = Flag['evidence'][number];

export const ruleNames = [
  'shared_address',
  'shared_device',
  'shared_payer',
  'failed_payments',
  'returned_payments',
  'usage_burst',
  'sign_in_attacks',
] as const satisfies Flag['rule'][];

/** Rules by which new payments may be held. */
export const strongRules: ReadonlySet<string> = new Set<Flag['rule']>([
  'shared_payer',
  'failed_payments',
  'returned_payments',
]);

export const isInForce = ({ state }: Flag): boolean => state === 'open' || state === 'confirmed';

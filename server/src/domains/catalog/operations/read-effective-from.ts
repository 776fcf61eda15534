import { Refusal } from '../../../platform/errors.ts';

/**
 * When a change of prices begins: now, where nothing is said.
 * @throws Refusal `rule_violated` for an instant that is past.
 */
export function readEffectiveFrom(said: string | undefined, now: Date): Date {
  const effectiveFrom = said === undefined ? now : new Date(said);
  if (effectiveFrom >= now) return effectiveFrom;
  throw new Refusal(
    'rule_violated',
    'Calls already rated keep their price: let it begin now or later.',
    { param: 'effective_from' },
  );
}

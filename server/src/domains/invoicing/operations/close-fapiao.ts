/** The two ends of a fapiao; either leaves its invoices to another. */
import type { Context } from '../../../platform/context.ts';
import type { Fapiao } from '../core/fapiao.ts';
import { changeFapiao, requireFreeNumber, requirePast } from './change-fapiao.ts';

/** @throws Refusal `not_found`, `invalid_state` for one that was issued. */
export function rejectFapiao(context: Context, id: string, reason: string): Promise<Fapiao> {
  return changeFapiao(context, { id, action: 'reject' }, async () => ({
    reason,
    closedAt: context.clocks.business(),
  }));
}

/**
 * Records the red-letter fapiao that reverses one that was issued.
 * @throws Refusal `not_found`, `invalid_state`, `already_exists`, `rule_violated`.
 */
export function reverseFapiao(
  context: Context,
  id: string,
  red: { number: string; code: string | null; reversedOn: string; reason: string | null },
): Promise<Fapiao> {
  requirePast(context, red.reversedOn, 'reversed_on');
  return changeFapiao(context, { id, action: 'reverse' }, async (fapiao, transaction) => {
    const { number, code } = red;
    await requireFreeNumber(transaction, { number, code });
    return {
      redNumber: number,
      redCode: code,
      reversedOn: red.reversedOn,
      reason: red.reason ?? fapiao.reason,
      closedAt: context.clocks.business(),
    };
  });
}

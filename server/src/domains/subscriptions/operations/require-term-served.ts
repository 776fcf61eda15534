import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { type AskedChange, refusalBeforeTerm } from '../core/quote.ts';
import type { Subscription } from '../core/record.ts';
import { findTermEnd } from '../quotes-store.ts';

/**
 * Holds a customer to the term of the quote that the subscription came from. Operators are not asked.
 * @throws Refusal `term_not_over`, saying until when.
 */
export async function requireTermServed(
  context: Context,
  executor: Executor,
  { id, state }: Subscription,
  change: AskedChange,
): Promise<void> {
  // What was never paid for has not begun: its customer may give it up.
  if (state.status === 'incomplete') return;
  const until = await findTermEnd(executor, id);
  if (!until) return;
  const { period, timeZone } = state;
  const now = context.clocks.business();
  const sentence = refusalBeforeTerm(change, { until, period, timeZone, now });
  if (sentence !== undefined) throw new Refusal('term_not_over', sentence, { param: 'when' });
}

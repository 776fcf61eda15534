/** A difference of prices in the contract's words, without its effect. */
import type { PriceUpdate as PriceUpdateAnswer } from '@sluice/contract/price-updates';
import type { z } from 'zod';
import { formatNanos } from '../../../platform/money.ts';
import { presentModelPrice, presentTerms } from './present.ts';
import { changesOf, type PriceUpdate, percentOf } from './price-update.ts';

export function presentPriceUpdate(
  update: PriceUpdate,
): Omit<z.output<typeof PriceUpdateAnswer>, 'effect'> {
  const { id, kind, model, effectiveFrom, before, after } = update;
  const shown = (nanos: bigint | undefined) => (nanos === undefined ? null : formatNanos(nanos));
  return {
    ...{ id, kind, model },
    effective_from: effectiveFrom?.toISOString() ?? null,
    before: before ? presentModelPrice(before) : null,
    after: after ? presentTerms(after) : null,
    changes: changesOf(update).map((change) => ({
      above_input_tokens: change.aboveInputTokens,
      position: change.position,
      before: shown(change.before),
      after: shown(change.after),
      percent: percentOf(change.before, change.after) ?? null,
    })),
  };
}

import { invariant } from '../../../platform/errors.ts';
import type { Meter, QuotaTerms } from '../../catalog/index.ts';
import type { QuotaSource } from '../core/limit.ts';
import type { QuotaGrant } from './change-quotas.ts';

/** What the quotas of a plan or package are to an organization: one source each, for all of its use. */
export function grantsOf(
  terms: readonly QuotaTerms[],
  meters: ReadonlyMap<string, Meter>,
  given: Omit<QuotaSource, 'limit' | 'hard'> & { organizationId: string; anchorAt: Date },
): QuotaGrant[] {
  const { organizationId, anchorAt, ...source } = given;
  return terms.map(({ meterId, window, anchor, limit, hard }) => {
    const meter = meters.get(meterId);
    invariant(meter, `meter ${meterId} of a quota exists`);
    return {
      subject: { kind: 'organization', id: organizationId },
      meter,
      window,
      anchorAt: anchor === 'subscription' ? anchorAt : null,
      source: { ...source, limit, hard },
    };
  });
}

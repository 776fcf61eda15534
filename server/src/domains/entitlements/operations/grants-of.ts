import { invariant } from '../../../platform/errors.ts';
import type { Meter, QuotaTerms } from '../../catalog/index.ts';
import type { QuotaSource } from '../core/limit.ts';
import { limitSpans, type RunningLimits } from '../core/running-limits.ts';
import type { QuotaGrant } from './change-quotas.ts';

/**
 * What the quotas of a plan or package are to an organization: a source each, for all of its use. Where a limit differs
 * until the running period ends, it is two that follow each other.
 */
export function grantsOf(
  terms: readonly QuotaTerms[],
  meters: ReadonlyMap<string, Meter>,
  given: Omit<QuotaSource, 'limit' | 'hard'> & {
    organizationId: string;
    anchorAt: Date;
    running?: RunningLimits | undefined;
  },
): QuotaGrant[] {
  const { organizationId, anchorAt, running, ...source } = given;
  return terms.flatMap((quota) => {
    const meter = meters.get(quota.meterId);
    invariant(meter, `meter ${quota.meterId} of a quota exists`);
    return limitSpans(quota, source, running).map(
      (span): QuotaGrant => ({
        subject: { kind: 'organization', id: organizationId },
        meter,
        window: quota.window,
        anchorAt: quota.anchor === 'subscription' ? anchorAt : null,
        source: { ...source, ...span, hard: quota.hard },
      }),
    );
  });
}

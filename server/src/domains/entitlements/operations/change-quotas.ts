import type { Window } from '@sluice/contract/plans';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Meter } from '../../catalog/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import type { QuotaSource } from '../core/limit.ts';
import {
  deleteSources,
  ensureQuota,
  putSource,
  type QuotaSubject,
  refreshQuotas,
} from '../quotas-store.ts';

/** One source, and the quota that it is for. */
export interface QuotaGrant {
  subject: QuotaSubject;
  meter: Pick<Meter, 'id' | 'aggregation' | 'kind'>;
  window: Window;
  anchorAt: Date | null;
  source: QuotaSource;
}

export interface QuotaChange {
  organizationId: string;
  /** Sources that are taken back first: what the same source gives anew replaces it. */
  remove?: { source: QuotaSource['source']; sourceId?: string; quotaId?: string };
  add?: readonly QuotaGrant[];
}

/**
 * Changes sources of an organization's quotas and makes their limits anew, serialized with its calls by its funds.
 * A quota that gets another source stays the same quota, so what was used stays counted. Answers the quotas.
 */
export async function changeQuotas(
  context: Context,
  transaction: Transaction,
  { organizationId, remove, add = [] }: QuotaChange,
): Promise<string[]> {
  const funds = await lockFunds(transaction, organizationId);
  invariant(funds, `organization ${organizationId} has funds`);
  const at = context.clocks.business();
  const changed = remove ? await deleteSources(transaction, { organizationId, ...remove }) : [];
  for (const { subject, meter, window, anchorAt, source } of add) {
    const quotaId = await ensureQuota(transaction, {
      id: newId('qta', at),
      organizationId,
      subject,
      meterId: meter.id,
      aggregation: meter.aggregation,
      isLevel: meter.kind === 'level',
      window,
      anchorAt,
      timeZone: funds.time_zone,
      createdAt: at,
    });
    await putSource(transaction, quotaId, source);
    changed.push(quotaId);
  }
  const quotaIds = [...new Set(changed)];
  if (quotaIds.length > 0) await refreshQuotas(transaction, quotaIds, at);
  return quotaIds;
}

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

/** One source, and the quota that it is for. Several of one source and quota follow each other in time. */
export interface QuotaGrant {
  subject: QuotaSubject;
  meter: Pick<Meter, 'id' | 'aggregation' | 'kind'>;
  window: Window;
  anchorAt: Date | null;
  source: QuotaSource;
}

export interface QuotaChange {
  organizationId: string;
  /** Sources that are taken back first. */
  remove?: { source: QuotaSource['source']; sourceId?: string; quotaId?: string };
  add?: readonly QuotaGrant[];
}

/**
 * Changes sources of an organization's quotas and makes their limits anew, serialized with its calls by its funds.
 * A quota that gets another source stays the same quota, so what was used stays counted. What a source gives a quota
 * replaces what it gave it before. Answers the quotas.
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
  const replaced = new Set<string>();
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
    const given = { source: source.source, sourceId: source.sourceId, quotaId };
    if (!replaced.has(Object.values(given).join(' '))) {
      replaced.add(Object.values(given).join(' '));
      await deleteSources(transaction, { organizationId, ...given });
    }
    await putSource(transaction, quotaId, source);
    changed.push(quotaId);
  }
  const quotaIds = [...new Set(changed)];
  if (quotaIds.length > 0) await refreshQuotas(transaction, quotaIds, at);
  return quotaIds;
}

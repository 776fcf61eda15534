import type { Executor } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { findMetersById, type Meter } from '../../catalog/index.ts';
import { effectiveLimit, type QuotaSource } from '../core/limit.ts';
import { listQuotaRows, listSources, type Quota } from '../quotas-store.ts';

/** A quota with what it is of, and why. */
export interface QuotaView extends Quota {
  meter: Meter;
  sources: readonly QuotaSource[];
}

/**
 * An organization's quotas as they stand at an instant. What is kept of a limit may be older than the instant at which
 * a source began or ended, for calls refresh it; so it is made from the sources here.
 */
export async function listQuotas(
  executor: Executor,
  query: { organizationId: string; after: string | undefined; limit: number; at: Date },
): Promise<QuotaView[]> {
  const { at, ...page } = query;
  const views = await withSources(executor, await listQuotaRows(executor, page));
  return views.map((view) => ({ ...view, ...effectiveLimit(view.sources, at) }));
}

/** One quota as it is kept. @throws Refusal `not_found`. */
export async function readQuotaView(
  executor: Executor,
  organizationId: string,
  id: string,
): Promise<QuotaView> {
  const rows = await listQuotaRows(executor, { organizationId, id, limit: 1 });
  const [view] = await withSources(executor, rows);
  if (!view) throw notFound('quota');
  return view;
}

async function withSources(executor: Executor, quotas: readonly Quota[]): Promise<QuotaView[]> {
  const sources = await listSources(
    executor,
    quotas.map(({ id }) => id),
  );
  const meters = await findMetersById(
    executor,
    quotas.map(({ meterId }) => meterId),
  );
  return quotas.flatMap((quota) => {
    const meter = meters.get(quota.meterId);
    return meter ? [{ ...quota, meter, sources: sources.get(quota.id) ?? [] }] : [];
  });
}

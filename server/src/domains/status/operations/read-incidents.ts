import type { Context } from '../../../platform/context.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentIncident } from '../core/incident.ts';
import { listIncidentRows, listUpdates } from '../store.ts';

/** Updates that are told of one incident. */
export const updatesShownMax = 50;

export async function listIncidents({ database }: Context, page: PageRequest) {
  const before = readCursor(page, 'inc');
  const rows = await listIncidentRows(database, { before, limit: page.limit + 1 });
  const updates = await listUpdates(database, {
    incidentIds: rows.map(({ id }) => id),
    limitEach: updatesShownMax,
  });
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    (row) => presentIncident(row, updates),
  );
}

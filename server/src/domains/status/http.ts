import * as endpoints from '@sluice/contract/status';
import type { Routes } from '../../platform/http/routes.ts';
import { createIncident, updateIncident } from './operations/post-incident.ts';
import { listIncidents } from './operations/read-incidents.ts';
import { createStatusBoard } from './status-board.ts';

/** For caches on the way: short enough that nobody misses what an operator has just told. */
const cachedSeconds = 2;

/** Serves the status page, and what operators tell on it; `offered` answers the models that can be called. */
export function registerStatus(routes: Routes, offered: () => ReadonlySet<string>): void {
  const board = createStatusBoard(offered);
  routes.serve(endpoints.getStatus, async ({ context, reply }) => {
    const status = await board.read(context);
    reply.header('cache-control', `public, max-age=${cachedSeconds}`);
    return status;
  });
  routes.serve(endpoints.listIncidents, ({ context, query }) => listIncidents(context, query));
  routes.serve(endpoints.createIncident, async ({ context, body }) => {
    const incident = await createIncident(context, body);
    board.forget();
    return incident;
  });
  routes.serve(endpoints.updateIncident, async ({ context, params, body }) => {
    const incident = await updateIncident(context, params.id, body);
    board.forget();
    return incident;
  });
}

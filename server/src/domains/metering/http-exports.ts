import { Readable } from 'node:stream';
import * as endpoints from '@sluice/contract/call-exports';
import type { Routes } from '../../platform/http/routes.ts';
import {
  createExport,
  listCallExports,
  readExport,
  removeExport,
} from './operations/keep-exports.ts';

const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

/** Serves files of calls to operators. */
export function serveExports(routes: Routes): void {
  routes.serve(endpoints.createCallExport, ({ context, body }) => createExport(context, body));
  routes.serve(endpoints.listCallExports, ({ context, query }) => listCallExports(context, query));
  routes.serve(endpoints.downloadCallExport, async ({ context, params, reply }) => {
    const { file, chunks } = await readExport(context, params.id);
    const name = `calls-${file.from.toISOString().slice(0, 10)}.${file.format}`;
    await reply
      .header('content-type', contentTypes[file.format])
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('cache-control', 'private, no-store')
      .send(Readable.from(chunks, { objectMode: false, highWaterMark: 64 * 1024 }));
  });
  routes.serve(endpoints.deleteCallExport, ({ context, params }) =>
    removeExport(context, params.id),
  );
}

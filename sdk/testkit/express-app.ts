import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type ErrorRequestHandler } from 'express';
import { featureRequired, quotaRequired, rateLimit, sluice } from '../src/express.ts';
import { analyze, chunkEveryMs, chunks, type StartApi, type Wish } from './api.ts';

export const startExpress: StartApi = async (client) => {
  const app = express();
  const guard = sluice({ client, estimate: false });
  app.post('/analyses/:wish', guard, quotaRequired('analyses'), async (request, response) => {
    const wish = request.params.wish as Wish;
    const status = analyze(wish, request.sluice);
    if (wish !== 'stream') {
      response.status(status).json({ wish });
      return;
    }
    for (let chunk = 0; chunk < chunks && !response.destroyed; chunk += 1) {
      response.write(`chunk ${chunk}\n`);
      await sleep(chunkEveryMs);
    }
    response.end();
  });
  app.get('/sso', guard, featureRequired('sso'), (_request, response) => {
    response.json({});
  });
  app.get('/search', guard, rateLimit({ perMinute: 2, name: 'express' }), (_request, response) => {
    response.json({});
  });
  app.get(
    '/own',
    sluice({ client, subject: (request) => request.get('x-user') }),
    (_, response) => {
      response.json({});
    },
  );
  const quiet: ErrorRequestHandler = (_error, _request, response, next) => {
    if (response.headersSent) next(_error);
    else response.status(500).json({ error: 'ours' });
  };
  app.use(quiet);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

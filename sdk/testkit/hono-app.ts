import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { featureRequired, quotaRequired, rateLimit, sluice } from '../src/hono.ts';
import { analyze, chunkEveryMs, chunks, type StartApi, type Wish } from './api.ts';

export const startHono: StartApi = async (client) => {
  const app = new Hono();
  const guard = sluice({ client, estimate: false });
  app.post('/analyses/:wish', guard, quotaRequired('analyses'), (context) => {
    const wish = context.req.param('wish') as Wish;
    const status = analyze(wish, context.get('sluice'));
    if (wish !== 'stream') return context.json({ wish }, status as 200);
    return stream(context, async (writer) => {
      for (let chunk = 0; chunk < chunks && !writer.aborted; chunk += 1) {
        await writer.write(`chunk ${chunk}\n`);
        await writer.sleep(chunkEveryMs);
      }
    });
  });
  app.get('/sso', guard, featureRequired('sso'), (context) => context.json({}));
  const rate = rateLimit({ perMinute: 2, name: 'hono' });
  app.get('/search', guard, rate, (context) => context.json({}));
  const subject = (context: { req: { header(name: string): string | undefined } }) =>
    context.req.header('x-user');
  app.get('/own', sluice({ client, subject }), (context) => context.json({}));
  app.onError((_error, context) => context.json({ error: 'ours' }, 500));
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          (server as Server).closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${port}`, stop });
    });
  });
};

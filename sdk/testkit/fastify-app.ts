import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import { featureRequired, quotaRequired, rateLimit, sluice } from '../src/fastify.ts';
import { analyze, chunkEveryMs, chunks, type StartApi, type Wish } from './api.ts';

export const startFastify: StartApi = async (client) => {
  const app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send({ error: 'ours' }));
  await app.register(async (scope) => {
    await scope.register(sluice({ client, estimate: false }));
    scope.post(
      '/analyses/:wish',
      { preHandler: quotaRequired('analyses') },
      async (request, reply) => {
        const { wish } = request.params as { wish: Wish };
        const status = analyze(wish, request.sluice);
        if (wish === 'stream') return reply.type('text/plain').send(Readable.from(stream()));
        return reply.code(status).send({ wish });
      },
    );
    scope.get('/sso', { preHandler: featureRequired('sso') }, async () => ({}));
    const rate = rateLimit({ perMinute: 2, name: 'fastify' });
    scope.get('/search', { preHandler: rate }, async () => ({}));
  });
  await app.register(async (scope) => {
    const subject = (request: { headers: Record<string, unknown> }) =>
      request.headers['x-user'] as string | undefined;
    await scope.register(sluice({ client, subject }));
    scope.get('/own', async () => ({}));
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, stop: () => app.close() };
};

async function* stream() {
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    yield `chunk ${chunk}\n`;
    await sleep(chunkEveryMs);
  }
}

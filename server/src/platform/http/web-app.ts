/** The built web app: hashed assets for ever, and the same page for every address of the app's own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../errors.ts';
import { contentSecurityPolicy } from './app.ts';
import { errorBody } from './errors.ts';

/** Addresses that are never a page: an asset that is gone must not be answered with one. */
const machineAddress = /^\/(api|v1|v1beta|sandbox|health|metrics|assets|\.well-known)(\/|$|\?)/;

const payPage = /^\/pay\//;

/**
 * Serves `directory`; where it was not built, only the API is there. Pay pages, which know no session, may be shown within
 * pages of the origins in `embedOrigins`.
 */
export async function registerWebApp(
  app: FastifyInstance,
  directory: string,
  embedOrigins: readonly string[] = [],
): Promise<void> {
  const payPolicy = contentSecurityPolicy(embedOrigins);
  const isBuilt = existsSync(join(directory, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      index: false,
      preCompressed: true,
      setHeaders: (reply, path) => {
        const isHashed = path.includes('/assets/');
        reply.header(
          'cache-control',
          isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (isBuilt && isPage && !machineAddress.test(request.url)) {
      if (payPage.test(request.url)) reply.header('content-security-policy', payPolicy);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .sendFile('index.html');
    }
    const refusal = new Refusal(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}: check the address.`,
    );
    return reply.code(404).send(errorBody(refusal, request.id));
  });
}

/** Is the process alive; may it be given traffic. */
import type { FastifyInstance } from 'fastify';

export interface Readiness {
  /** Resolves when the database answers and its schema is the one this code was written for. */
  check(): Promise<void>;
  isDraining(): boolean;
}

export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (request, reply) => {
    if (readiness.isDraining()) return reply.code(503).send({ status: 'draining' });
    try {
      await readiness.check();
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
}

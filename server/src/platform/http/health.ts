/** Is the process alive; may it be given traffic. */
import type { FastifyInstance } from 'fastify';

export interface Readiness {
  /**
   * Resolves when the database answers and has all that this code was written for.
   * @throws NotReady with what to do, where that is known.
   */
  check(): Promise<void>;
  isDraining(): boolean;
}

/** Why the process may not serve yet, for whoever looks after it. */
export class NotReady extends Error {}

export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (request, reply) => {
    if (readiness.isDraining()) return reply.code(503).send({ status: 'draining' });
    try {
      await readiness.check();
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      const reason = error instanceof NotReady && { reason: error.message };
      return reply.code(503).send({ status: 'unavailable', ...reason });
    }
  });
}

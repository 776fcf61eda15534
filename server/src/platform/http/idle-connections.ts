/**
 * A closing server waits for its connections. Browsers and SDKs keep theirs for later calls, and open some ahead of need:
 * without this the end would take more than a minute.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/** While the server closes, ends every connection as soon as it carries no request; those in flight finish. */
export function endIdleConnections(app: FastifyInstance): void {
  const { server } = app;
  // Node counts a connection as idle only after its first request.
  const unused = new Set<Socket>();
  let isClosing = false;
  server.on('connection', (socket) => {
    if (isClosing) socket.destroy();
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of unused) socket.destroy();
    const timer = setInterval(() => server.closeIdleConnections(), lookEveryMs);
    server.once('close', () => clearInterval(timer));
  });
}

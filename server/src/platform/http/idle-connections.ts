/**
 * A server that stops waits for its connections. Browsers, SDKs and balancers keep theirs for later calls, and open some
 * ahead of need: they are told to go in time, and none is cut while it carries a request.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

const stops = new WeakMap<object, () => void>();

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
  const stop = () => {
    if (isClosing) return;
    isClosing = true;
    for (const socket of unused) socket.destroy();
    const timer = setInterval(() => server.closeIdleConnections(), lookEveryMs);
    server.once('close', () => clearInterval(timer));
  };
  stops.set(server, stop);
  app.addHook('preClose', async () => stop());
}

/** From now on every answer ends its connection, so that whoever asks again does so elsewhere. */
export function endConnectionsAfterAnswer({ server }: FastifyInstance): void {
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
}

/** Takes no new connection, ends the idle ones, and goes on with what is in flight: the first half of closing. */
export function stopListening({ server }: FastifyInstance): void {
  stops.get(server)?.();
  server.close();
}

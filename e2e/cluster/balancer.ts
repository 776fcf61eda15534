/**
 * A balancer as simple as one can be: each call goes to the next server that says it is ready, and to no second one. What
 * a real one would hide by asking again is seen here.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  readonly url: string;
  /** Ports of the servers that said they are ready when last asked. */
  ready(): readonly number[];
  close(): Promise<void>;
}

/** Servers are asked so often whether they are ready. */
export const healthEveryMs = 200;

/** Opens it in front of the servers on these ports of the loopback address. */
export async function openBalancer(ports: readonly number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Set<number>();
  const look = async () => {
    await Promise.all(
      ports.map(async (port) => {
        if (await isReady(port)) ready.add(port);
        else ready.delete(port);
      }),
    );
  };
  let turn = 0;
  const server = createServer((incoming, answer) => {
    const able = ports.filter((port) => ready.has(port));
    turn += 1;
    const port = able[turn % able.length];
    if (port === undefined) answer.writeHead(503).end('No server is ready.');
    else pass({ incoming, answer, port, agent });
  });
  // Callers keep their connections for as long as a test takes.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await look();
  const timer = setInterval(look, healthEveryMs);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: () => [...ready],
    async close() {
      clearInterval(timer);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(hop: {
  incoming: IncomingMessage;
  answer: ServerResponse;
  port: number;
  agent: Agent;
}): void {
  const { incoming, answer, port, agent } = hop;
  const { connection: _, ...headers } = incoming.headers;
  const asking = request({
    ...{ host: '127.0.0.1', port, agent, headers },
    ...{ method: incoming.method, path: incoming.url },
  });
  asking.on('response', (response) => {
    // The connection behind is not the one in front.
    const { connection: __, 'keep-alive': ___, ...passed } = response.headers;
    answer.writeHead(response.statusCode ?? 502, passed);
    response.on('error', () => answer.destroy());
    response.pipe(answer);
  });
  asking.on('error', (error) => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end(`The server on port ${port}: ${error.message}`);
  });
  incoming.pipe(asking);
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = get({ host: '127.0.0.1', port, path: '/health/ready', agent: false });
    asking.setTimeout(2000, () => asking.destroy());
    asking.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.on('error', () => resolve(false));
  });
}

/** The least a relay can do: `node:http` in, `node:http` out, nothing looked at. What a gateway costs is told against it. */
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announcePart } from './process.ts';

const agent = new Agent({ keepAlive: true });
const port = Number(process.env.UPSTREAM_PORT);

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  const upstream = send(
    { agent, port, host: '127.0.0.1', method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  announcePart((server.address() as AddressInfo).port, async () => undefined);
});

/** Where the simulator's notifications arrive: each is kept as it came over the wire, and acknowledged. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notification, ProviderAnswer } from '../../provider.ts';

export interface Ear {
  url: string;
  heard(): readonly Notification[];
  close(): Promise<void>;
}

export async function openEar(acknowledge: ProviderAnswer): Promise<Ear> {
  const heard: Notification[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const [, query = ''] = (request.url ?? '').split('?', 2);
    const { method = 'GET', headers } = request;
    heard.push({ method, query, headers: { ...headers }, body: Buffer.concat(parts) });
    const { status, contentType, body } = acknowledge;
    response.writeHead(status, { 'content-type': contentType }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    heard: () => heard,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import {
  endConnectionsAfterAnswer,
  endIdleConnections,
  stopListening,
} from './idle-connections.ts';

describe('endIdleConnections', () => {
  it('waits for what is in flight, and for no connection beside it', async () => {
    const app = Fastify({ logger: false });
    endIdleConnections(app);
    const answer = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    app.get('/', () => {
      asked.resolve();
      return answer.promise;
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const unused = connect(port, '127.0.0.1');
    await once(unused, 'connect');
    const response = fetch(`http://127.0.0.1:${port}/`);
    await asked.promise;

    const closed = app.close();
    await once(unused, 'close');
    answer.resolve('done');
    expect(await (await response).text()).toBe('done');
    await closed;
  });
});

describe('a server that stops in steps', () => {
  it('answers on, tells callers to go, then takes no connection while a stream goes on', async () => {
    const app = Fastify({ logger: false });
    endIdleConnections(app);
    const rest = Promise.withResolvers<void>();
    app.get('/', async () => 'answered');
    app.get('/stream', async (_request, reply) => {
      reply.hijack();
      reply.raw.write('first ');
      await rest.promise;
      reply.raw.end('last');
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const stream = await fetch(`${url}/stream`);
    const before = await fetch(url);
    expect([before.headers.get('connection'), await before.text()]).toEqual([
      'keep-alive',
      'answered',
    ]);

    endConnectionsAfterAnswer(app);
    const during = await fetch(url);
    expect([during.headers.get('connection'), await during.text()]).toEqual(['close', 'answered']);

    stopListening(app);
    await expect(fetch(url)).rejects.toThrow();
    rest.resolve();
    expect(await stream.text()).toBe('first last');
    await app.close();
  });
});

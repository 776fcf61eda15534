import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { endIdleConnections } from './idle-connections.ts';

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

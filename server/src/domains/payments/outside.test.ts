/** Calls to providers: what is waited for, and how long. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutside, outside } from './outside.ts';

describe('outside', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const listen = async (answer: RequestListener) => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const waited = async (call: () => Promise<unknown>) => {
    const begun = performance.now();
    expect(await call()).toBeUndefined();
    return performance.now() - begun;
  };

  it('waits for five seconds, and takes no answer for an outcome', async () => {
    const url = await listen((request) => request.resume());
    const ms = await waited(() => outside.get(url));
    expect(ms).toBeGreaterThan(4_900);
    expect(ms).toBeLessThan(15_000);
  });

  it('waits for all of an answer no longer than for its beginning', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200).write('{');
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const ms = await waited(() => createOutside(300).get(url));
    expect(ms).toBeGreaterThan(290);
    expect(ms).toBeLessThan(5_000);
  });

  it('reads no more than is allowed', async () => {
    const url = await listen((_request, response) => response.end('x'.repeat(1_001)));
    const call = { method: 'GET', url } as const;
    expect(await outside.send({ ...call, answerBytesMax: 1_000 })).toBeUndefined();
    expect(await outside.send({ ...call, answerBytesMax: 1_001 })).toMatchObject({ status: 200 });
  });
});

/** What operators ask of an upstream, straight and through proxies. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../platform/testkit/platform.ts';
import type { Dialect } from './core/dialect.ts';
import { listUpstreamModels } from './operations/list-upstream-models.ts';
import { testChannel } from './operations/test-channel.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  answers,
  type ScriptedUpstream,
  startScriptedUpstream,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  gateway = await startGateway();
  upstream = await startScriptedUpstream();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const context = () => testContext(gateway.platform);
const test = (channelId: string, model?: string) =>
  testChannel(context(), gateway.channels, { channelId, model });
const scripted = (rest: object = {}) =>
  gateway.channel({ baseUrl: upstream.baseUrl, apiKey: 'sk-secret', models: ['m'], ...rest });

describe('testChannel', () => {
  it.each([
    ['openai', '/sandbox/upstream/v1', 'gpt-4o-mini'],
    ['anthropic', '/sandbox/upstream/anthropic', 'claude-sonnet-4-5'],
    ['gemini', '/sandbox/upstream/gemini', 'gemini-2.5-flash'],
  ] as [Dialect, string, string][])('calls an upstream of %s', async (dialect, path, model) => {
    const { id } = await gateway.channel({
      ...{ dialect, models: [model], baseUrl: gateway.sandbox.origin + path },
    });
    const tested = await test(id);
    expect(tested).toMatchObject({ ok: true, status: 200, reason: null, model });
    expect(tested.first_token_ms).toBeGreaterThanOrEqual(0);
    expect(tested.usage?.output_tokens).toBeGreaterThan(0);
    expect(tested.usage?.output_tokens).toBeLessThanOrEqual(16);
  });

  it.each([
    [
      'a wrong key',
      answers(401, { error: { message: 'Bad key sk-secret' } }),
      'key_refused',
      'Bad key …',
    ],
    [
      'an unknown model',
      answers(404, { error: { code: 'model_not_found', message: 'No m' } }),
      'model_unknown',
      'No m',
    ],
    ['a wrong address', answers(404, {}), 'not_found', '{}'],
    ['a refused call', answers(400, { error: { message: 'no' } }), 'request_refused', 'no'],
    ['something else than an answer', answers(200, { hello: 1 }), 'bad_answer', null],
  ] as [string, ScriptedUpstream['script'], string, string | null][])(
    'names %s',
    async (_, script, reason, words) => {
      const { id } = await scripted();
      upstream.script = script;
      const tested = await test(id);
      expect(tested).toMatchObject({ ok: false, reason, upstream_message: words });
      expect(tested.message).toMatch(/: /);
    },
  );

  it('names an address where nobody listens', async () => {
    const { id } = await scripted({ baseUrl: 'http://127.0.0.1:9/v1' });
    expect(await test(id)).toMatchObject({ ok: false, status: null, reason: 'unreachable' });
  });

  it('asks newer models by the new name of the limit', async () => {
    const { id } = await scripted();
    upstream.script = (response, request, body) => {
      const isNew = body.includes('"max_completion_tokens":16');
      const error = { message: "Use 'max_completion_tokens' instead." };
      const usage = { prompt_tokens: 3, completion_tokens: 1 };
      (isNew ? answers(200, { choices: [], usage }) : answers(400, { error }))(
        response,
        request,
        body,
      );
    };
    expect(await test(id)).toMatchObject({
      ok: true,
      usage: { input_tokens: 3, output_tokens: 1 },
    });
  });

  it('asks only for models of the channel', async () => {
    const { id } = await scripted();
    await expect(test(id, 'other')).rejects.toMatchObject({
      code: 'rule_violated',
      param: 'model',
    });
  });
});

describe('listUpstreamModels', () => {
  const list = (channelId: string) => listUpstreamModels(context(), gateway.channels, channelId);

  it.each([
    [{ data: [{ id: 'b' }, { id: 'a' }, { id: 'a' }] }],
    [{ models: [{ name: 'models/a' }, { name: 'models/b' }, {}] }],
  ])('reads %j', async (body) => {
    const { id } = await scripted();
    upstream.script = answers(200, body);
    expect(await list(id)).toEqual({ data: [{ id: 'a' }, { id: 'b' }] });
  });

  it('says what is wrong', async () => {
    const { id } = await scripted();
    upstream.script = answers(401, {});
    await expect(list(id)).rejects.toMatchObject({
      ...{ code: 'upstream_failed', message: expect.stringContaining('refused the key') },
    });
    upstream.script = answers(200, {});
    await expect(list(id)).rejects.toMatchObject({ code: 'upstream_failed' });
  });
});

describe('a channel’s proxy', () => {
  it('carries its calls, with its name and password', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.headers['proxy-authorization']} ${new URL(request.url ?? '').pathname}`);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}');
    });
    const port = await listen(proxy);
    const proxyUrl = `http://ann:secret@127.0.0.1:${port}`;
    await gateway.price({ model: 'proxied' });
    const { id } = await scripted({ models: ['proxied'], proxy_url: proxyUrl });
    expect(await test(id)).toMatchObject({ ok: true });
    const { secret } = await gateway.customer();
    const body = { model: 'proxied', messages: [{ role: 'user', content: 'Hello' }] };
    expect((await gateway.chat(secret, body)).status).toBe(200);
    const credentials = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
    expect(seen).toEqual([
      `${credentials} /v1/chat/completions`,
      `${credentials} /v1/chat/completions`,
    ]);
    proxy.closeAllConnections();
    proxy.close();
  });

  it('may speak SOCKS5', async () => {
    const proxy = createSocksProxy();
    const port = await listen(proxy);
    const { id } = await scripted({ proxy_url: `socks5://127.0.0.1:${port}` });
    upstream.script = answers(200, {
      choices: [],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    expect(await test(id)).toMatchObject({ ok: true });
    proxy.close();
  });

  it.each(['http', 'socks5'])('is named where it is down: %s', async (protocol) => {
    const { id } = await scripted({ proxy_url: `${protocol}://127.0.0.1:9` });
    expect(await test(id)).toMatchObject({ ok: false, reason: 'proxy_failed' });
  });
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Without authentication, to IPv4 addresses: https://www.rfc-editor.org/rfc/rfc1928 */
function createSocksProxy(): Server {
  return createTcpServer(async (client) => {
    client.on('error', () => undefined);
    await once(client, 'data');
    client.write(Buffer.from([5, 0]));
    const [ask] = (await once(client, 'data')) as [Buffer];
    const host = [...ask.subarray(4, 8)].join('.');
    const upstreamSide = connect(ask.readUInt16BE(8), host, () => {
      client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      client.pipe(upstreamSide).pipe(client);
    });
    upstreamSide.on('error', () => client.destroy());
  });
}

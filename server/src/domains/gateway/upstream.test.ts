import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from './channels.ts';
import { gatewayLimits } from './limits.ts';
import {
  answers,
  type ScriptedUpstream,
  startScriptedUpstream,
} from './testkit/scripted-upstream.ts';
import { createUpstream } from './upstream.ts';

let scripted: ScriptedUpstream;
beforeAll(async () => {
  scripted = await startScriptedUpstream();
  scripted.script = answers(200, {});
});
afterAll(() => scripted.close());

/** The status that an address answers, or what keeps us from it. */
async function reach(
  baseUrl: string,
  privateUpstreams: string[],
  proxyUrl?: string,
): Promise<number | string> {
  const config = { mode: 'live' as const, privateUpstreams };
  const upstream = createUpstream({ config, limits: gatewayLimits });
  const channel = { dialect: 'openai', baseUrl, apiKey: 'sk-test', proxyUrl } as Channel;
  const path = '/chat/completions';
  const reached = await new Promise<number | string>((resolve) => {
    const body = Buffer.from('{}');
    upstream.send(
      { channel, path, headers: {}, body, isStream: false, requestId: 'req_test' },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status) => resolve(status),
        onResponseData: () => undefined,
        onResponseEnd: () => undefined,
        onResponseError: (_controller, error) => resolve(error.message),
      },
    );
  });
  await upstream.close();
  return reached;
}

describe('createUpstream in live mode', () => {
  it('follows no name into a private network', async () => {
    const named = scripted.baseUrl.replace('127.0.0.1', 'localhost');
    expect(await reach(named, [])).toBe('localhost is in a private network');
  });

  it('follows one that the deployment allows', async () => {
    const named = scripted.baseUrl.replace('127.0.0.1', 'localhost');
    expect(await reach(named, ['localhost'])).toBe(200);
  });

  it.each(['http', 'socks5'])('nor to a proxy there, by %s', async (protocol) => {
    const proxy = `${protocol}://localhost:9`;
    expect(await reach('https://api.example.com/v1', [], proxy)).toBe(
      'localhost is in a private network',
    );
  });
});

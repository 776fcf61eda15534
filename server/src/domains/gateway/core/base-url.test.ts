import { describe, expect, it } from 'vitest';
import { joinBaseUrl, judgeBaseUrl } from './base-url.ts';

const live = { mode: 'live', privateUpstreams: ['10.0.0.5', 'vllm.localhost'] } as const;
const sandbox = { mode: 'sandbox', privateUpstreams: [] } as const;

describe('judgeBaseUrl', () => {
  it.each([
    'http://localhost:8000/v1',
    'http://127.0.0.1/v1',
    'http://127.1/v1',
    'http://2130706433/v1',
    'http://[::1]/v1',
    'http://[::ffff:10.0.0.1]/v1',
    'http://10.1.2.3/v1',
    'http://172.31.0.1/v1',
    'http://192.168.1.1/v1',
    'http://169.254.169.254/latest',
    'http://metadata.localhost/v1',
  ])('refuses %s in live mode', (url) => {
    expect(() => judgeBaseUrl(url, live)).toThrow(/private network/);
    expect(judgeBaseUrl(url, sandbox)).toBe(url);
  });

  it('allows a private host that the deployment names', () => {
    expect(judgeBaseUrl('http://10.0.0.5:8000/v1/', live)).toBe('http://10.0.0.5:8000/v1');
    expect(judgeBaseUrl('http://vllm.localhost/v1', live)).toBe('http://vllm.localhost/v1');
  });

  it('allows a public host', () => {
    expect(judgeBaseUrl('https://api.openai.com/v1/', live)).toBe('https://api.openai.com/v1');
  });

  it.each(['https://user:pass@host/v1', 'https://host/v1?key=1', 'https://host/v1#a'])(
    'refuses %s, which is more than an address',
    (url) => {
      expect(() => judgeBaseUrl(url, sandbox)).toThrow(/address alone/);
    },
  );
});

describe('joinBaseUrl', () => {
  it.each([
    [
      'https://api.openai.com/v1',
      '/chat/completions',
      'https://api.openai.com/v1/chat/completions',
    ],
    ['https://api.anthropic.com', '/v1/messages', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/v1', '/v1/messages', 'https://api.anthropic.com/v1/messages'],
    ['https://host/v1beta', '/v1beta/models/m:x?alt=sse', 'https://host/v1beta/models/m:x?alt=sse'],
    ['https://host/v1', '/v1beta/models/m:x', 'https://host/v1/v1beta/models/m:x'],
    ['/sandbox/upstream/anthropic', '/v1/messages', '/sandbox/upstream/anthropic/v1/messages'],
    ['', '/chat/completions', '/chat/completions'],
  ])('puts behind %s the path %s', (base, path, url) => {
    expect(joinBaseUrl(base, path)).toBe(url);
  });
});

import { describe, expect, it } from 'vitest';
import { judgeProxyUrl, shownProxyUrl } from './proxy-url.ts';

const live = { mode: 'live' as const, privateUpstreams: ['proxy.local', '10.0.0.7'] };

describe('judgeProxyUrl', () => {
  it.each([
    'http://ann:secret@proxy.example:3128',
    'https://proxy.example',
    'socks5://proxy.example:1080',
    'socks5://10.0.0.7:1080',
  ])('takes %s', (url) => {
    expect(judgeProxyUrl(url, live)).toBe(url);
  });

  it.each([
    'http://127.0.0.1:3128',
    'http://localhost:3128',
    'socks5://10.0.0.8:1080',
    'socks5://[::1]:1080',
    'socks5://0x7f.1:1080',
    'http://proxy.example/path',
    'http://proxy.example?query',
  ])('refuses %s in live mode', (url) => {
    expect(() => judgeProxyUrl(url, live)).toThrowError(
      expect.objectContaining({ code: 'rule_violated', param: 'proxy_url' }),
    );
  });

  it('takes any address in a sandbox', () => {
    const sandbox = { mode: 'sandbox' as const, privateUpstreams: [] };
    expect(judgeProxyUrl('http://127.0.0.1:3128', sandbox)).toBe('http://127.0.0.1:3128');
  });
});

describe('shownProxyUrl', () => {
  it.each([
    ['http://ann:secret@proxy.example:3128', 'http://…@proxy.example:3128'],
    ['socks5://proxy.example:1080/', 'socks5://proxy.example:1080'],
  ])('tells of %s neither name nor password', (url, shown) => {
    expect(shownProxyUrl(url)).toBe(shown);
  });
});

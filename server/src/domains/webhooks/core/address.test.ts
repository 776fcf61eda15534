import { describe, expect, it } from 'vitest';
import { addressProblem, judgeAddress } from './address.ts';

const live = { mode: 'live' } as const;
const sandbox = { mode: 'sandbox' } as const;

describe('addressProblem', () => {
  it.each([
    'https://example.com/webhooks',
    'https://example.com:8443/a?b=c',
    'https://203.0.113.7/',
    'https://[2001:db8::7]/',
  ])('finds none with %s', (url) => {
    expect(addressProblem(url, live)).toBeUndefined();
  });

  it.each([
    'http://example.com/webhooks',
    'https://localhost/',
    'https://api.localhost./',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.0.1:8443/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://user:pass@example.com/',
    'https://example.com/#part',
    'ftp://example.com/',
    'example.com',
  ])('finds one with %s in live mode', (url) => {
    expect(addressProblem(url, live)).toBeTypeOf('string');
  });

  it('lets a sandbox send to a program beside it', () => {
    expect(addressProblem('http://127.0.0.1:4000/hooks', sandbox)).toBeUndefined();
    expect(addressProblem('http://me:secret@127.0.0.1/', sandbox)).toBeTypeOf('string');
  });
});

describe('judgeAddress', () => {
  it('answers the address as it will be connected to', () => {
    expect(judgeAddress('https://EXAMPLE.com/a b', live)).toBe('https://example.com/a%20b');
    expect(() => judgeAddress('https://0x7f.1/', live)).toThrow(/private/);
  });
});

import { describe, expect, it } from 'vitest';
import { isPublicHttps, ownAddress } from './public-address.ts';

describe('isPublicHttps', () => {
  it.each(['https://sluice.example.com/api', 'https://a.b.co:8443', 'https://支付.中国'])(
    'takes %s',
    (address) => {
      expect(isPublicHttps(address)).toBe(true);
    },
  );

  it.each([
    'http://sluice.example.com',
    'https://localhost',
    'https://sluice.localhost',
    'https://127.0.0.1',
    'https://2130706433',
    'https://192.168.1.4',
    'https://[2001:db8::1]',
    'https://printer.local',
    'https://user@sluice.example.com',
    'sluice.example.com',
  ])('refuses %s', (address) => {
    expect(isPublicHttps(address)).toBe(false);
  });
});

describe('ownAddress', () => {
  const own = (address: string) => ownAddress(address, 'https://sluice.example.com');

  it('takes addresses and paths of its own site', () => {
    expect(own('https://sluice.example.com/packages?from=1')).toBe(
      'https://sluice.example.com/packages?from=1',
    );
    expect(own('/packages')).toBe('https://sluice.example.com/packages');
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    'https://sluice.example.com@evil.example/',
    'https://sluice.example.com.evil.example/',
    'https://me:me@sluice.example.com/',
    'http://sluice.example.com/',
    'javascript:alert(1)',
    'data:text/html,hi',
  ])('refuses %s', (address) => {
    expect(own(address)).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { networkOf } from './sighting.ts';

describe('networkOf', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ])('%s is known as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.1.1',
    '100.64.3.2',
    '::1',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    'fd00::1',
    'no address',
    '',
  ])('%s says nothing', (address) => {
    expect(networkOf(address)).toBeUndefined();
  });

  test('without an address there is none', () => expect(networkOf(null)).toBeUndefined());
});

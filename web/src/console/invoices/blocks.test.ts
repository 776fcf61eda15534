import { describe, expect, test } from 'vitest';
import { blocksOf } from './blocks.ts';

const invoice = {
  kind: 'subscription',
  status: 'open',
  total: '119.00',
  credited: '0.00',
  overdue: false,
  due: '119.00',
} as const;

describe('blocksOf', () => {
  test('an open invoice for a service can be paid, corrected, written off and voided', () => {
    expect(blocksOf(invoice)).toEqual({});
  });

  test('what is paid can only be corrected', () => {
    expect(blocksOf({ ...invoice, status: 'paid', due: '0.00' })).toEqual({
      mark: 'nothing_due',
      record: 'not_open',
      void: 'not_open',
      write_off: 'not_open',
    });
  });

  test('money for what was written off is taken all the same', () => {
    expect(blocksOf({ ...invoice, status: 'uncollectible' }).mark).toBeUndefined();
  });

  test('what was credited in full is not credited again', () => {
    expect(blocksOf({ ...invoice, status: 'paid', credited: '119' }).credit).toBe('all_credited');
    expect(blocksOf({ ...invoice, status: 'paid', credited: '118.99' }).credit).toBeUndefined();
  });

  test.each([
    ['top_up', 'open', 'top_up', 'lapses'],
    ['top_up', 'paid', 'top_up', 'not_open'],
    ['package', 'open', 'unpaid_package', 'lapses'],
    ['manual', 'void', 'closed', 'not_open'],
    ['manual', 'uncollectible', 'closed', 'not_open'],
  ] as const)('%s, %s: credit %s, write-off %s', (kind, status, credit, writeOff) => {
    expect(blocksOf({ ...invoice, kind, status })).toMatchObject({ credit, write_off: writeOff });
  });
});

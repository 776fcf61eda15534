import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer, saysGone } from './outcome.ts';

const nothing = Buffer.from('');

describe('outcomeOfAnswer', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'redirected'],
    [307, 'redirected'],
    [400, 'refused'],
    [410, 'refused'],
    [500, 'refused'],
  ] as const)('%i is %s', (status, kind) => {
    const outcome = outcomeOfAnswer(status, nothing);
    expect(outcome.kind).toBe(kind);
    expect(saysGone(outcome)).toBe(status === 410);
  });

  it('keeps the beginning of an answer as text that can be stored, whatever it was', () => {
    const bytes = Buffer.from([0x6f, 0x6b, 0x00, 0x1b, 0x0a, 0xff, 0xf0, 0x9f]);
    expect(outcomeOfAnswer(200, bytes).excerpt).toBe('ok\ufffd\ufffd\n\ufffd\ufffd');
    const long = outcomeOfAnswer(200, Buffer.from('🦆'.repeat(900))).excerpt ?? '';
    expect(long.length).toBeLessThanOrEqual(1000);
    expect(long.isWellFormed()).toBe(true);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { readBeijingTime, writeBeijingTime } from './time.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('Beijing time', () => {
  it.each(['UTC', 'America/New_York', 'Asia/Shanghai'])(
    'is the same whether the process runs in %s',
    (name) => {
      process.env.TZ = name;
      const at = new Date('2026-03-31T16:30:05.999Z');
      expect(writeBeijingTime(at)).toBe('2026-04-01 00:30:05');
      expect(readBeijingTime('2026-04-01 00:30:05')).toEqual(new Date('2026-03-31T16:30:05Z'));
    },
  );

  it.each(['', '2026-04-01', '2026-04-01T00:30:05', '2026-13-01 00:00:00', '2026-04-01 25:00:00'])(
    'does not read %j',
    (text) => {
      expect(readBeijingTime(text)).toBeUndefined();
    },
  );
});

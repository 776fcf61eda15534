import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PackagePeriod, packageEnd, packageWindows, recutWindows } from './windows.ts';

const period = (startsAt: string, durationDays: number, timeZone: string): PackagePeriod => ({
  startsAt: new Date(startsAt),
  durationDays,
  timeZone,
});
const iso = (at: Date) => at.toISOString().replace(':00.000Z', 'Z');

/** The windows as text: `0 from → to`, with the pause behind. */
const shown = (sold: PackagePeriod) =>
  packageWindows(sold).map(({ day, opensAt, closesAt, pause }) => {
    const rest = pause ? ` but ${iso(pause.from)} → ${iso(pause.until)}` : '';
    return `${day} ${iso(opensAt)} → ${iso(closesAt)}${rest}`;
  });

describe('packageWindows', () => {
  test('case 14: gives a package bought at 23:30 one allowance per paid day', () => {
    expect(shown(period('2026-03-04T23:30:00Z', 3, 'UTC'))).toEqual([
      '0 2026-03-04T23:30Z → 2026-03-07T23:30Z but 2026-03-05T00:00Z → 2026-03-07T00:00Z',
      '1 2026-03-05T00:00Z → 2026-03-06T00:00Z',
      '2 2026-03-06T00:00Z → 2026-03-07T00:00Z',
    ]);
  });

  test('case 14: gives a one-day package bought at 23:30 a single allowance across midnight', () => {
    expect(shown(period('2026-03-04T23:30:00Z', 1, 'UTC'))).toEqual([
      '0 2026-03-04T23:30Z → 2026-03-05T23:30Z',
    ]);
  });

  test('gives a package bought at midnight whole days', () => {
    expect(shown(period('2026-03-04T16:00:00Z', 2, 'Asia/Shanghai'))).toEqual([
      '0 2026-03-04T16:00Z → 2026-03-05T16:00Z',
      '1 2026-03-05T16:00Z → 2026-03-06T16:00Z',
    ]);
  });

  test.each([
    ['eight hours ahead', '2026-03-04T10:00:00Z', 'Asia/Shanghai', '2026-03-04T16:00Z'],
    ['five hours behind', '2026-03-04T10:00:00Z', 'America/Bogota', '2026-03-05T05:00Z'],
    ['half an hour off', '2026-03-04T10:00:00Z', 'Asia/Kolkata', '2026-03-04T18:30Z'],
  ])('case 16: turns the day at the midnight of a zone %s', (_, startsAt, timeZone, midnight) => {
    const windows = packageWindows(period(startsAt, 2, timeZone));
    expect(iso(windows[1]?.opensAt as Date)).toBe(midnight);
  });

  test('case 15: keeps the hour of the purchase when the clocks go forward', () => {
    const sold = period('2026-03-28T12:00:00Z', 2, 'Europe/Berlin');
    expect(iso(packageEnd(sold))).toBe('2026-03-30T11:00Z');
    expect(shown(sold)).toEqual([
      '0 2026-03-28T12:00Z → 2026-03-30T11:00Z but 2026-03-28T23:00Z → 2026-03-29T22:00Z',
      '1 2026-03-28T23:00Z → 2026-03-29T22:00Z',
    ]);
  });

  test('case 15: keeps the hour of the purchase when the clocks go back', () => {
    expect(shown(period('2026-10-24T12:00:00Z', 2, 'Europe/Berlin'))).toEqual([
      '0 2026-10-24T12:00Z → 2026-10-26T13:00Z but 2026-10-24T22:00Z → 2026-10-25T23:00Z',
      '1 2026-10-24T22:00Z → 2026-10-25T23:00Z',
    ]);
  });

  const zones = ['UTC', 'Asia/Shanghai', 'America/Bogota', 'Europe/Berlin', 'Australia/Lord_Howe'];
  const sold = fc.record({
    startsAt: fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2026-12-31T00:00:00Z'),
      noInvalidDate: true,
    }),
    durationDays: fc.integer({ min: 1, max: 40 }),
    timeZone: fc.constantFrom(...zones, 'America/Santiago', 'Pacific/Kiritimati'),
  });

  test('has exactly one window open at every instant of the period, and as many as days were paid', () => {
    const property = fc.property(
      sold,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (sold, where) => {
        const windows = packageWindows(sold);
        expect(windows).toHaveLength(sold.durationDays);
        const span = packageEnd(sold).getTime() - sold.startsAt.getTime();
        const at = new Date(sold.startsAt.getTime() + Math.floor(where * (span - 1)));
        expect(openAt(windows, at)).toHaveLength(1);
        expect(openAt(windows, new Date(sold.startsAt.getTime() - 1))).toEqual([]);
        expect(openAt(windows, packageEnd(sold))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test('stays whole, opens nothing early and adds no window, however often the zone changes', () => {
    const changes = fc.array(
      fc.record({ after: fc.nat({ max: 72 }), timeZone: sold.map(({ timeZone }) => timeZone) }),
      { minLength: 1, maxLength: 5 },
    );
    const property = fc.property(sold, changes, (sold, changes) => {
      const original = packageWindows(sold);
      let windows = original.map((window) => ({ id: String(window.day), ...window }));
      let at = sold.startsAt.getTime();
      const seen = new Set([0]);
      for (const { after, timeZone } of changes) {
        const hour = at + after * 3_600_000;
        const end = packageEnd(sold).getTime();
        for (; at < Math.min(hour, end); at += 3_600_000) {
          const open = openAt(windows, new Date(at));
          expect(open).toHaveLength(1);
          seen.add(open[0]?.day as number);
        }
        const moved = recutWindows(
          sold,
          windows.map((window) => ({ ...window, pauseFrom: window.pause?.from ?? null })),
          { at: new Date(at), timeZone },
        );
        windows = windows.map((window) => {
          const move = moved.find(({ id }) => id === window.id);
          if (!move) return window;
          const pause = window.pause && { ...window.pause, until: move.pauseUntil as Date };
          return { ...window, opensAt: move.opensAt, closesAt: move.closesAt, pause };
        });
        for (const { day, opensAt, closesAt } of windows) {
          expect(opensAt.getTime()).toBeGreaterThanOrEqual(
            original[day]?.opensAt.getTime() as number,
          );
          expect(closesAt.getTime()).toBeGreaterThan(opensAt.getTime());
        }
      }
      expect(windows).toHaveLength(sold.durationDays);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('recutWindows', () => {
  test('case 15: leaves the next reset where it was and lets the day after it end at the new midnight', () => {
    const sold = period('2026-03-04T10:00:00Z', 4, 'UTC');
    const windows = packageWindows(sold).map((window) => ({
      id: String(window.day),
      ...window,
      pauseFrom: window.pause?.from ?? null,
    }));
    const moved = recutWindows(sold, windows, {
      at: new Date('2026-03-05T09:00:00Z'),
      timeZone: 'America/Bogota',
    });
    expect(
      moved.map(({ id, opensAt, closesAt, pauseUntil }) =>
        [id, iso(opensAt), iso(closesAt), pauseUntil && iso(pauseUntil)].join(' '),
      ),
    ).toEqual([
      '2 2026-03-06T00:00Z 2026-03-07T05:00Z ',
      '3 2026-03-07T05:00Z 2026-03-08T05:00Z ',
      '0 2026-03-04T10:00Z 2026-03-08T10:00Z 2026-03-08T05:00Z',
    ]);
  });
});

function openAt<W extends ReturnType<typeof packageWindows>[number]>(
  windows: readonly W[],
  at: Date,
): W[] {
  return windows.filter(
    ({ opensAt, closesAt, pause }) =>
      at >= opensAt && at < closesAt && !(pause && at >= pause.from && at < pause.until),
  );
}

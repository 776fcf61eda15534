/** Between what clocks in a time zone show and the instant it is, for inputs of dates and times. */

const dayMs = 86_400_000;

/** The instant at which clocks of the zone show `local`, such as `2026-01-31T08:00`. */
export function instantIn(timeZone: string, local: string): string {
  const shown = Date.parse(`${local}Z`);
  const guess = shown - offsetMs(timeZone, shown);
  // Around a change of the clocks the first guess may lie on its other side.
  return new Date(shown - offsetMs(timeZone, guess)).toISOString();
}

/** What clocks of the zone show at an instant, to the minute. */
export function localIn(timeZone: string, instant: string): string {
  const at = Date.parse(instant);
  return new Date(at + offsetMs(timeZone, at)).toISOString().slice(0, 16);
}

/** A range of calendar days, both included, as the half-open range of instants that queries take. */
export function instantsOf(
  timeZone: string,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): { from?: string; to?: string } {
  return {
    ...(from && { from: instantIn(timeZone, `${from}T00:00`) }),
    ...(to && { to: instantIn(timeZone, `${nextDay(to)}T00:00`) }),
  };
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) + dayMs).toISOString().slice(0, 10);
}

function offsetMs(timeZone: string, at: number): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

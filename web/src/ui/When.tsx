import { useEffect, useState } from 'react';
import { useFormatter } from 'use-intl';
import { useBusinessClock } from './clock.ts';

interface WhenProps {
  /** RFC 3339 instant. */
  at: string;
  show?: 'instant' | 'second' | 'day' | 'relative';
}

/** The only place where an instant is formatted; hovering shows it in UTC. */
export function When({ at, show = 'instant' }: WhenProps) {
  return (
    <time dateTime={at} title={at} className="figure">
      {show === 'relative' ? <Relative at={at} /> : <Absolute at={at} show={show} />}
    </time>
  );
}

const day = { month: 'short', day: 'numeric' } as const;
const minute = { ...day, hour: 'numeric', minute: '2-digit' } as const;
const styles = { day, instant: minute, second: { ...minute, second: '2-digit' } } as const;

/** The year is said where it is not this one. */
function Absolute({ at, show }: { at: string; show: keyof typeof styles }) {
  const instant = new Date(at);
  const isThisYear = instant.getUTCFullYear() === useBusinessClock()().getUTCFullYear();
  const style = styles[show];
  return useFormatter().dateTime(instant, isThisYear ? style : { ...style, year: 'numeric' });
}

function Relative({ at }: { at: string }) {
  const clock = useBusinessClock();
  const [now, setNow] = useState(clock);
  useEffect(() => {
    setNow(clock());
    const timer = setInterval(() => setNow(clock()), relativeUpdateMs);
    return () => clearInterval(timer);
  }, [clock]);
  return useFormatter().relativeTime(new Date(at), now);
}

const relativeUpdateMs = 30_000;

/** A calendar day, `YYYY-MM-DD`: it has no zone of its own, so none is applied. */
export function Day({ day }: { day: string }) {
  return (
    <time dateTime={day} className="figure">
      {useDayText()(day)}
    </time>
  );
}

export function useDayText(): (day: string) => string {
  const format = useFormatter();
  return (day) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), {
      month: 'short',
      day: 'numeric',
      timeZone: 'UTC',
    });
}

/** A calendar day as documents say it: with its year. */
export function useDateText(): (day: string) => string {
  const format = useFormatter();
  return (day) =>
    format.dateTime(new Date(`${day}T00:00:00Z`), {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      timeZone: 'UTC',
    });
}

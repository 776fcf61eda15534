-- Where the windows of quotas begin and end. They are half-open and follow the clock on the wall of a zone: this is the
-- only place that cuts them.

-- The first instant at which the zone's clock shows a local time; where the clock skips it, the instant at which it would
-- have been shown.
create function metering_first_instant(p_local timestamp, p_time_zone text) returns timestamptz
language plpgsql
stable parallel safe
as $$
declare
  -- of two such instants PostgreSQL takes the second
  later constant timestamptz := p_local at time zone p_time_zone;
  day_before constant timestamptz := later - interval '24 hours';
  earlier constant timestamptz :=
    later - ((day_before at time zone p_time_zone) - (day_before at time zone 'UTC'))
    + ((later at time zone p_time_zone) - (later at time zone 'UTC'));
begin
  if earlier < later and earlier at time zone p_time_zone = p_local then
    return earlier;
  end if;
  return later;
end
$$;

-- The window that an instant falls in. Without an anchor it is the calendar's: an hour lasts until the clock shows the
-- next one, which is two hours where one is shown twice. With one, it begins at the anchor's time of day, on its day of
-- the month where that month has it.
create function metering_window(
  p_window text,
  p_anchor_at timestamptz,
  p_time_zone text,
  p_at timestamptz,
  out window_from timestamptz,
  out resets_at timestamptz
)
language plpgsql
stable parallel safe
as $$
declare
  step interval;
  first_local timestamp;
  here constant timestamp := p_at at time zone p_time_zone;
  number integer := 0;
begin
  if p_window = 'lifetime' then
    window_from := '-infinity';
    resets_at := 'infinity';
    return;
  end if;
  -- The second of two equal minutes is a minute of its own.
  if p_window = 'minute' then
    window_from := date_bin('1 minute', p_at, 'epoch');
    resets_at := window_from + interval '1 minute';
    return;
  end if;

  step := ('1 ' || p_window)::interval;
  if p_anchor_at is null then
    first_local := date_trunc(p_window, here);
  else
    first_local := p_anchor_at at time zone p_time_zone;
    number := case p_window
      when 'day' then here::date - first_local::date
      when 'month' then
        (extract(year from here) - extract(year from first_local)) * 12
        + extract(month from here) - extract(month from first_local)
      else extract(year from here) - extract(year from first_local)
    end;
  end if;
  -- The clock may have been set back behind the reset, or the day's time of day is still to come.
  window_from := metering_first_instant(first_local + step * number, p_time_zone);
  while window_from > p_at loop
    number := number - 1;
    window_from := metering_first_instant(first_local + step * number, p_time_zone);
  end loop;
  loop
    resets_at := metering_first_instant(first_local + step * (number + 1), p_time_zone);
    exit when resets_at > p_at;
    number := number + 1;
    window_from := resets_at;
  end loop;
end
$$;

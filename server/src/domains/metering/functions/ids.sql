-- Ids as the server makes them: a prefix, the time in ten digits of Crockford's base 32, and sixteen of chance.

-- The smallest id of that prefix at an instant.
create function metering_id_at(p_prefix text, p_at timestamptz) returns text
language plpgsql
immutable parallel safe
as $$
declare
  rest bigint := case
    when p_at = '-infinity' then 0
    when p_at = 'infinity' then 1125899906842623
    else greatest(floor(extract(epoch from p_at) * 1000), 0)::bigint
  end;
  text_of_time text := '';
begin
  for digit in 1 .. 10 loop
    text_of_time := substr('0123456789abcdefghjkmnpqrstvwxyz', (rest % 32)::integer + 1, 1) || text_of_time;
    rest := rest / 32;
  end loop;
  return p_prefix || '_' || text_of_time;
end
$$;

create function metering_new_id(p_prefix text, p_at timestamptz) returns text
language sql
volatile
as $$
  select metering_id_at(p_prefix, p_at) || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', get_byte(chance.bytes, digit) % 32 + 1, 1), '' order by digit
  )
  from (select uuid_send(gen_random_uuid()) as bytes) chance,
    generate_series(0, 15) as digit
$$;

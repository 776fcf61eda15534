-- Finding people and organizations by any part of what they are called, in any script, among hundreds of thousands.

-- What is typed and what is kept are compared in this form: one case, and full-width letters like all others.
create function identity_folded(said text) returns text
language sql immutable parallel safe strict
return lower(case when octet_length(said) = length(said) then said else normalize(said, nfkc) end);

-- Of lines of text: every three signs in a row; '^' with the first one and two signs of each word; and where a sign is
-- of a script that writes without spaces (from U+2E80 on), that sign alone and every two with it. A person's row takes
-- 0.1 ms; the parts are apart because one query of all of them took four times that. An index is built where none of our
-- own functions is in sight, so the folding is written out once more.
create function identity_grams(said text) returns text[]
language plpgsql immutable parallel safe strict cost 1000 as $$
declare
  folded text := lower(case when octet_length(said) = length(said) then said else normalize(said, nfkc) end);
  grams text[];
  words text[];
  wide text[];
begin
  select array_agg(distinct substr(line, at, 3)) into grams
  from string_to_table(folded, E'\n') as line, generate_series(1, length(line) - 2) as at;
  select array_agg('^' || left(word[1], 1)) || array_agg('^' || left(word[1], 2)) into words
  from regexp_matches(folded, '[[:alnum:]]+', 'g') as word;
  if octet_length(folded) > length(folded) then
    select array_agg(distinct substr(line, at, size)) into wide
    from string_to_table(folded, E'\n') as line, generate_series(1, length(line)) as at,
      generate_series(1, least(2, length(line) - at + 1)) as size
    where ascii(substr(line, at, 1)) > 11903 or ascii(substr(line, at + size - 1, 1)) > 11903;
  end if;
  return coalesce(grams, '{}') || coalesce(words, '{}') || coalesce(wide, '{}');
end;
$$;

-- What a text must have among its grams to hold what is looked for.
create function identity_grams_of_query(q text) returns text[]
language sql immutable parallel safe strict
begin atomic
  select case
    when length(line) >= 3 then array(
      select distinct substr(line, at, 3) from generate_series(1, length(line) - 2) as at
    )
    when ascii(line) > 11903 or ascii(substr(line, 2, 1)) > 11903 then array[line]
    else array['^' || line]
  end
  from (select identity_folded(q) as line) as folded;
end;

-- One index answers each box: the lists are read with it, and the newest of what it finds are shown.
create index identity_users_grams on identity_users using gin (
  identity_grams(email || E'\n' || coalesce(name, '') || E'\n' || coalesce(username, ''))
) with (fastupdate = off);
create index identity_organizations_grams on identity_organizations using gin (identity_grams(name))
with (fastupdate = off);

create index identity_api_keys_prefix on identity_api_keys (prefix);
create index identity_subjects_external_id on identity_subjects (external_id);

-- What lists are narrowed to.
create index identity_users_of_status on identity_users (status, id desc) where status <> 'active';
create index identity_users_of_role on identity_users (platform_role, id desc) where platform_role <> 'user';
create index identity_organizations_of_status on identity_organizations (status, id desc) where status <> 'active';

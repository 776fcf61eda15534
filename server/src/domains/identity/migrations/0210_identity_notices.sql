-- By which ways an organization is told of what, and which end of an API key it was told of.

alter table identity_notification_rules
  -- null: those that are usual for the event
  add column channels text[],
  add constraint identity_notification_rules_channels check (channels <@ array['app', 'mail', 'telegram', 'wecom']);

alter table identity_api_keys
  -- the end that was told of ahead of it; another end is told of anew
  add column end_told_for timestamptz;

create index identity_api_keys_ending on identity_api_keys (expires_at)
where expires_at is not null and revoked_at is null;

-- What the log is searched by: over 200,000 entries a rare actor, record or action took up to 0.1 s to find without these.

create index audit_entries_actor on audit_entries (actor_id, id desc);
create index audit_entries_resource on audit_entries (resource_id, id desc);
create index audit_entries_resource_kind on audit_entries (resource_kind, id desc);
create index audit_entries_action on audit_entries (action, id desc);
create index audit_entries_noun on audit_entries (split_part(action, '.', 1), id desc);

-- Mails on their way. Their content holds links that sign people in, so it is sealed, and gone once sent.

create table delivery_messages (
  id text primary key,
  status text not null,
  sealed_content text,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  finished_at timestamptz,
  constraint delivery_messages_status check (status in ('queued', 'sent', 'failed')),
  constraint delivery_messages_wiped check ((status = 'queued') = (sealed_content is not null)),
  constraint delivery_messages_finished check ((status = 'queued') = (finished_at is null))
);

create index delivery_messages_due on delivery_messages (due_at, id) where status = 'queued';

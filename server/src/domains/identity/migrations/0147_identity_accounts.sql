-- A change of mail address, which the old address can take back for a while; and accounts that were deleted.

alter table identity_links
  add column email text,
  drop constraint identity_links_purpose,
  add constraint identity_links_purpose
    check (purpose in ('verify_email', 'reset_password', 'change_email', 'undo_email')),
  add constraint identity_links_email
    check ((purpose in ('change_email', 'undo_email')) = (email is not null));

-- An address that can be taken back is nobody else's meanwhile.
create index identity_links_undo on identity_links (email) where purpose = 'undo_email';

-- The row stays for what the law keeps: its id is on invoices and in the audit log, and says nothing about the person.
alter table identity_users
  add column deleted_at timestamptz,
  add constraint identity_users_deleted check (
    deleted_at is null or (status = 'suspended' and name is null and username is null and password_hash = '')
  );

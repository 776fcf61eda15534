-- How a session was begun: an organization may ask for more than a password, and an account shows it to its owner.

alter table identity_sessions
  add column method text not null default 'password',
  add column has_second_factor boolean not null default false,
  add constraint identity_sessions_method
    check (method in ('password', 'passkey', 'ldap', 'oidc', 'saml', 'portal_link')),
  drop constraint identity_sessions_end_reason,
  add constraint identity_sessions_end_reason check (
    end_reason in (
      'logout', 'reuse', 'password_reset', 'suspended',
      'ended_by_user', 'password_changed', 'email_changed', 'account_deleted', 'ended_by_operator'
    )
  );

update identity_sessions set method = 'portal_link' where organization_id is not null;

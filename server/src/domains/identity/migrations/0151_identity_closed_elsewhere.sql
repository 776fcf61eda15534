-- Since when the directory that made an account has closed it, or knows it no more.

alter table identity_external_identities add column closed_at timestamptz;

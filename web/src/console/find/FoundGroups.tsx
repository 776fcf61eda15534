import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { OrganizationStatus } from '../organizations/OrganizationStatus.tsx';

type FoundThings = Answer<'searchEverything'>;
type FoundOrganization = FoundThings['organizations'][number];

interface FoundGroupsProps {
  found: FoundThings;
  q: string;
}

/** Each hit is a link to its page, with whose it is beside it. */
export function FoundGroups({ found, q }: FoundGroupsProps) {
  const t = useTranslations('console.find');
  const all = (to: typeof paths.consoleOrganizations | typeof paths.consoleUsers) => (
    <ButtonLink size="small" to={to} search={{ q }}>
      {t('all')}
    </ButtonLink>
  );
  return (
    <div className="stack">
      <Group
        title={t('organizations')}
        hits={found.organizations.map((organization) => ({
          key: organization.id,
          hit: <OrganizationHit organization={organization} />,
        }))}
        more={found.more.includes('organizations') && all(paths.consoleOrganizations)}
      />
      <Group
        title={t('users')}
        hits={found.users.map((user) => ({ key: user.id, hit: <UserHit user={user} /> }))}
        more={found.more.includes('users') && all(paths.consoleUsers)}
      />
      <Group
        title={t('apiKeys')}
        hits={found.api_keys.map(({ id, name, prefix, revoked, organization }) => ({
          key: id,
          hit: (
            <Hit organization={organization} note={revoked ? t('revoked') : undefined}>
              {name} <code>{prefix}…</code>
            </Hit>
          ),
        }))}
      />
      <Group
        title={t('subjects')}
        hits={found.subjects.map(({ external_id, application, organization }) => ({
          key: `${application} ${external_id}`,
          hit: (
            <Hit organization={organization} note={application}>
              {external_id}
            </Hit>
          ),
        }))}
      />
      <Group title={t('invoices')} hits={found.invoices.map(invoiceHit)} />
      <Group title={t('payments')} hits={found.payments.map(paymentHit)} />
    </div>
  );
}

interface GroupProps {
  title: string;
  hits: { key: string; hit: ReactNode }[];
  more?: ReactNode;
}

function Group({ title, hits, more }: GroupProps) {
  if (hits.length === 0) return null;
  return (
    <section className="stack-tight" aria-label={title}>
      <h2 className="found-title">{title}</h2>
      <ul className="found">
        {hits.map(({ key, hit }) => (
          <li key={key}>{hit}</li>
        ))}
      </ul>
      {more}
    </section>
  );
}

function OrganizationHit({ organization }: { organization: FoundOrganization }) {
  return (
    <>
      <Link to={paths.consoleOrganization} params={{ id: organization.id }}>
        {organization.name}
      </Link>{' '}
      <OrganizationStatus status={organization.status} />
    </>
  );
}

function UserHit({ user: { id, name, username, email } }: { user: FoundThings['users'][number] }) {
  return (
    <>
      <Link to={paths.consoleUser} params={{ id }}>
        {name ?? username ?? email}
      </Link>{' '}
      <small className="soft">{email}</small>
    </>
  );
}

function invoiceHit({ id, number, status, organization }: FoundThings['invoices'][number]) {
  const link = (
    <Link to={paths.consoleInvoice} params={{ id }}>
      {number ?? id}
    </Link>
  );
  return {
    key: id,
    hit: (
      <Hit organization={organization} note={status}>
        {link}
      </Hit>
    ),
  };
}

function paymentHit({
  id,
  number,
  provider,
  status,
  organization,
}: FoundThings['payments'][number]) {
  const link = (
    <Link to={paths.consolePayment} params={{ id }}>
      {number}
    </Link>
  );
  const note = `${provider}, ${status}`;
  return {
    key: id,
    hit: (
      <Hit organization={organization} note={note}>
        {link}
      </Hit>
    ),
  };
}

interface HitProps {
  organization: FoundOrganization | null;
  note: string | undefined;
  children: ReactNode;
}

function Hit({ organization, note, children }: HitProps) {
  return (
    <>
      {children}{' '}
      {organization && (
        <Link to={paths.consoleOrganization} params={{ id: organization.id }}>
          {organization.name}
        </Link>
      )}{' '}
      {note && <small className="soft">{note}</small>}
    </>
  );
}

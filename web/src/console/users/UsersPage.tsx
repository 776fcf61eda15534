import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { usePlatformRoleName, useRoleName } from '../../features/session/role-name.ts';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { SearchPage } from '../filters/SearchPage.tsx';

type User = Answer<'searchUsers'>['data'][number];

const statuses = ['active', 'suspended'] as const;
const roles = ['operator', 'admin'] as const;

const route = getRouteApi('/console/admin/users');

export function UsersPage() {
  const t = useTranslations('console.customer');
  const tUi = useTranslations('ui');
  const tUsers = useTranslations('console.users');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const { q, from, to } = search;
  const status = statuses.find((one) => one === search.status);
  const role = roles.find((one) => one === search.role);
  const navigate = useNavigate();
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: paths.consoleUsers, search: { ...search, ...change }, replace: true });
  return (
    <SearchPage
      words="console.users"
      list={usePages('searchUsers', {
        query: {
          ...(q && { q }),
          ...(status && { status }),
          ...(role && { role }),
          ...instantsOf(timeZone, { from, to }),
        },
      })}
      columns={useColumns()}
      q={q}
      onSearch={(text) => set({ q: text })}
      onClear={() => set({ q: '', status: '', role: '', from: '', to: '' })}
      filters={
        <>
          <ChoiceFilter
            label={tUi('status')}
            any={t('anyStatus')}
            value={status}
            options={statuses.map((value) => ({ value, label: tUsers(value) }))}
            onChange={(chosen) => set({ status: chosen })}
          />
          <ChoiceFilter
            label={tUsers('role')}
            any={t('anyRole')}
            value={role}
            options={roles.map((value) => ({ value, label: tUsers(`roles.${value}`) }))}
            onChange={(chosen) => set({ role: chosen })}
          />
          <DaysFilter from={from} to={to} onChange={set} />
        </>
      }
    />
  );
}

function useColumns(): Column<User>[] {
  const t = useTranslations('console.users');
  const tUi = useTranslations('ui');
  const roleName = usePlatformRoleName();
  return [
    { title: t('person'), cell: (user) => <Person user={user} /> },
    { title: t('organizations'), cell: (user) => <Organizations user={user} /> },
    { title: t('role'), cell: (user) => roleName(user.platform_role) },
    { title: tUi('status'), cell: (user) => <UserStatus user={user} /> },
    { title: t('since'), cell: (user) => <When at={user.created_at} show="day" /> },
  ];
}

function Person({ user: { id, name, username, email } }: { user: User }) {
  const called = name ?? username;
  return (
    <span className="twofold">
      <Link to={paths.consoleUser} params={{ id }}>
        {called ?? email}
      </Link>
      {called && <small>{email}</small>}
    </span>
  );
}

function Organizations({ user }: { user: User }) {
  const roleName = useRoleName();
  return (
    <span className="twofold">
      {user.organizations.map(({ id, name, ...held }) => (
        <span key={id}>
          <Link to={paths.consoleOrganization} params={{ id }}>
            {name}
          </Link>{' '}
          <small>{roleName(held)}</small>
        </span>
      ))}
    </span>
  );
}

function UserStatus({ user: { status, email_verified } }: { user: User }) {
  const t = useTranslations('console.users');
  if (status === 'suspended') return <Status tone="bad">{t('suspended')}</Status>;
  return (
    <Status tone={email_verified ? 'good' : 'warning'}>
      {t(email_verified ? 'active' : 'unverified')}
    </Status>
  );
}

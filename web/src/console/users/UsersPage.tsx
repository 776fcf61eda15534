import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { usePlatformRoleName, useRoleName } from '../../features/session/role-name.ts';
import { paths } from '../../paths.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { SearchPage } from '../filters/SearchPage.tsx';

type User = Answer<'searchUsers'>['data'][number];

const route = getRouteApi('/console/admin/users');

export function UsersPage() {
  const { q } = route.useSearch();
  const navigate = useNavigate();
  return (
    <SearchPage
      words="console.users"
      list={usePages('searchUsers', { query: q ? { q } : {} })}
      columns={useColumns()}
      q={q}
      onSearch={(text) =>
        void navigate({ to: paths.consoleUsers, search: { q: text }, replace: true })
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

function Person({ user: { name, username, email } }: { user: User }) {
  const called = name ?? username;
  return (
    <span className="twofold">
      {called ?? email}
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

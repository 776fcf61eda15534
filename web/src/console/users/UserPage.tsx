/** One person: who they are, where they belong, what they are signed in with, and what an operator can do for them. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { languageNames } from '../../i18n/language.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { type Organization, OrganizationStatus } from '../organizations/OrganizationStatus.tsx';
import { AssignRole } from '../roles/AssignRole.tsx';
import { UserActions } from './UserActions.tsx';

export type InspectedUser = Answer<'inspectUser'>;
type Session = InspectedUser['sessions'][number];

const route = getRouteApi('/console/admin/users/$id');

export function UserPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.user');
  const user = useQuery(reading('inspectUser', { params: { id } }));
  const back = <Link to={paths.consoleUsers}>{t('all')}</Link>;
  if (user.data) return <Person user={user.data} />;
  return (
    <div className="page">
      <PageHeader title={t('one')} note={back} />
      {user.error ? (
        <Failure error={user.error} onRetry={() => void user.refetch()} />
      ) : (
        <Loading rows={8} />
      )}
    </div>
  );
}

function Person({ user }: { user: InspectedUser }) {
  const t = useTranslations('console.user');
  const tUsers = useTranslations('console.users');
  return (
    <div className="page">
      <PageHeader
        title={user.name ?? user.username ?? user.email}
        note={<Link to={paths.consoleUsers}>{t('all')}</Link>}
        actions={
          <>
            <AssignRole user={user} />
            <UserActions user={user} />
          </>
        }
      />
      <Panel>
        <UserFacts user={user} />
      </Panel>
      <Panel title={tUsers('organizations')}>
        <DataTable
          label={tUsers('organizations')}
          list={settledList(user.organizations)}
          columns={useOrganizationColumns()}
          rowKey={({ id }) => id}
          renderError={() => null}
          empty={<p className="soft">{t('noOrganizations')}</p>}
        />
      </Panel>
      <Panel title={t('sessions')}>
        <DataTable
          label={t('sessions')}
          list={settledList(user.sessions)}
          columns={useSessionColumns()}
          rowKey={({ id }) => id}
          renderError={() => null}
          empty={<p className="soft">{t('noSessions')}</p>}
        />
      </Panel>
    </div>
  );
}

function UserFacts({ user }: { user: InspectedUser }) {
  const t = useTranslations('console.user');
  const tUsers = useTranslations('console.users');
  const tCustomer = useTranslations('console.customer');
  return (
    <Facts
      items={[
        {
          label: t('status'),
          value: (
            <span className="twofold">
              <Status tone={user.status === 'active' ? 'good' : 'bad'}>
                {tUsers(user.status)}
              </Status>
              {user.suspended && (
                <small>
                  {tCustomer.rich('standingSince', {
                    when: () => <When at={user.suspended?.since ?? ''} />,
                  })}
                </small>
              )}
              {user.suspended?.reason && <small>{user.suspended.reason}</small>}
            </span>
          ),
        },
        {
          label: t('email'),
          value: (
            <span className="twofold">
              {user.email}
              <small>{t(user.email_verified ? 'verified' : 'unverified')}</small>
            </span>
          ),
        },
        {
          label: t('secondFactor'),
          value: t(user.second_factor ? 'hasSecondFactor' : 'noSecondFactor'),
        },
        { label: 'ID', value: <Id value={user.id} /> },
        { label: t('language'), value: languageNames[user.locale] },
        { label: tUsers('since'), value: <When at={user.created_at} show="day" /> },
      ]}
    />
  );
}

type Place = Organization & { role: string; role_name: string | null };

const roles = ['owner', 'admin', 'billing', 'member'] as const;

function useOrganizationColumns(): Column<Place>[] {
  const t = useTranslations('console.user');
  const tOrganizations = useTranslations('console.organizations');
  const tUi = useTranslations('ui');
  const tRoles = useTranslations('allowed.roles');
  return [
    {
      title: tOrganizations('name'),
      cell: ({ id, name }) => (
        <Link to={paths.consoleOrganization} params={{ id }}>
          {name}
        </Link>
      ),
    },
    {
      title: t('role'),
      cell: ({ role, role_name }) => {
        const known = roles.find((one) => one === role);
        return role_name ?? (known ? tRoles(known) : role);
      },
    },
    { title: tUi('status'), cell: ({ status }) => <OrganizationStatus status={status} /> },
  ];
}

function useSessionColumns(): Column<Session>[] {
  const t = useTranslations('console.user');
  const tMethods = useTranslations('console.user.methods');
  return [
    { title: t('method'), cell: ({ method }) => tMethods(method) },
    { title: t('device'), cell: ({ user_agent }) => user_agent ?? '' },
    { title: t('from'), cell: ({ ip }) => ip ?? '' },
    { title: t('started'), cell: ({ started_at }) => <When at={started_at} /> },
  ];
}

import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Customer } from './customer.ts';

type Member = Customer['members'][number];

export function MembersPanel({ members }: { members: Member[] }) {
  const t = useTranslations('console.organizations');
  const tUsers = useTranslations('console.users');
  const tUi = useTranslations('ui');
  const role = useRoleName();
  const columns: Column<Member>[] = [
    {
      title: tUsers('person'),
      cell: ({ id, name, email }) => (
        <span className="twofold">
          <Link to={paths.consoleUser} params={{ id }}>
            {name ?? email}
          </Link>
          {name && <small>{email}</small>}
        </span>
      ),
    },
    { title: t('role'), cell: (member) => role(member.role) },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'bad'}>{tUsers(status)}</Status>
      ),
    },
    { title: tUsers('since'), cell: ({ created_at }) => <When at={created_at} show="day" /> },
  ];
  return (
    <Panel title={t('members')}>
      <DataTable
        label={t('members')}
        list={settledList(members)}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={() => null}
        empty={<p className="soft">{t('noMembers')}</p>}
      />
    </Panel>
  );
}

const roles = ['owner', 'admin', 'billing', 'member'] as const;

function useRoleName(): (role: string) => string {
  const t = useTranslations('allowed.roles');
  return (role) => {
    const known = roles.find((candidate) => candidate === role);
    return known ? t(known) : role;
  };
}

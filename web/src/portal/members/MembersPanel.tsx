import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRoleName } from '../../features/session/role-name.ts';
import { useSession } from '../../features/session/session.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { ChangeRole } from './ChangeRole.tsx';

export type Member = Answer<'listMembers'>['data'][number];

export function MembersPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams.members');
  const members = usePages('listMembers', { params: { id: organizationId } });
  const columns = useColumns(organizationId);
  return (
    <Panel>
      <DataTable
        label={t('title')}
        list={members}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(organizationId: string): Column<Member>[] {
  const t = useTranslations('teams.members');
  const tUi = useTranslations('ui');
  const roleName = useRoleName();
  return [
    { title: t('name'), cell: (member) => <Who member={member} /> },
    { title: t('role'), cell: roleName },
    { title: t('secondFactor'), cell: (member) => t(member.second_factor ? 'yes' : 'no') },
    { title: t('joined'), cell: (member) => <When at={member.joined_at} show="day" /> },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (member) => <Actions member={member} organizationId={organizationId} />,
    },
  ];
}

function Who({ member: { id, name, email } }: { member: Member }) {
  const t = useTranslations('teams.members');
  const { user } = useSession();
  return (
    <>
      {name ?? email}
      {user.id === id && ` (${t('you')})`}
      {name && (
        <>
          <br />
          <small>{email}</small>
        </>
      )}
    </>
  );
}

function Actions({ member, organizationId }: { member: Member; organizationId: string }) {
  const t = useTranslations('teams.members');
  const name = member.name ?? member.email;
  const [isChanging, setChanging] = useState(false);
  return (
    <div className="actions">
      <AllowedButton
        operation="updateMember"
        size="small"
        aria-label={t('changeRoleNamed', { name })}
        onClick={() => setChanging(true)}
      >
        {t('changeRole')}
      </AllowedButton>
      <RemoveMember member={member} organizationId={organizationId} />
      {isChanging && (
        <ChangeRole
          member={member}
          organizationId={organizationId}
          onClose={() => setChanging(false)}
        />
      )}
    </div>
  );
}

function RemoveMember({ member, organizationId }: { member: Member; organizationId: string }) {
  const t = useTranslations('teams.members');
  const tUi = useTranslations('ui');
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const remove = useChange('removeMember', { refreshes: ['listMembers', 'listRoles', 'getMe'] });
  const name = member.name ?? member.email;
  const ask = () =>
    modal.confirm({
      title: t('removeTitle', { name }),
      content: t('removeNote'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      cancelText: tUi('cancel'),
      onOk: () =>
        remove
          .mutateAsync({ params: { id: organizationId, user_id: member.id } })
          .catch((error: Error) => void message.error(errorText(error))),
    });
  return (
    <AllowedButton
      operation="removeMember"
      size="small"
      danger
      aria-label={t('removeNamed', { name })}
      onClick={ask}
    >
      {t('remove')}
    </AllowedButton>
  );
}

import { App } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRoleName } from '../../features/session/role-name.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Invitation = Answer<'listInvitations'>['data'][number];

export function InvitationsPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams.invitations');
  const tMembers = useTranslations('teams.members');
  const invitations = usePages('listInvitations', { params: { id: organizationId } });
  const columns = useColumns(organizationId);
  return (
    <Panel>
      <DataTable
        label={tMembers('tabs.invitations')}
        list={invitations}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(organizationId: string): Column<Invitation>[] {
  const t = useTranslations('teams.invitations');
  const tUi = useTranslations('ui');
  const roleName = useRoleName();
  return [
    { title: t('email'), cell: ({ email }) => email },
    { title: t('role'), cell: roleName },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'open' ? 'good' : 'warning'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    { title: t('invitedBy'), cell: ({ invited_by }) => invited_by },
    { title: t('expires'), cell: ({ expires_at }) => <When at={expires_at} show="day" /> },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (invitation) => <Actions invitation={invitation} organizationId={organizationId} />,
    },
  ];
}

function Actions({
  invitation: { id, email },
  organizationId,
}: {
  invitation: Invitation;
  organizationId: string;
}) {
  const t = useTranslations('teams.invitations');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const refreshes = ['listInvitations'] as const;
  const resend = useChange('resendInvitation', {
    refreshes,
    onDone: () => void message.success(t('sent', { email })),
  });
  const revoke = useChange('revokeInvitation', {
    refreshes,
    onDone: () => void message.success(t('revoked', { email })),
  });
  const params = { id: organizationId, invitation_id: id };
  const onError = (error: Error) => void message.error(errorText(error));
  return (
    <div className="actions">
      <AllowedButton
        operation="resendInvitation"
        size="small"
        aria-label={t('resendNamed', { email })}
        loading={resend.isPending}
        onClick={() => resend.mutate({ params }, { onError })}
      >
        {t('resend')}
      </AllowedButton>
      <AllowedButton
        operation="revokeInvitation"
        size="small"
        danger
        aria-label={t('revokeNamed', { email })}
        loading={revoke.isPending}
        onClick={() => revoke.mutate({ params }, { onError })}
      >
        {t('revoke')}
      </AllowedButton>
    </div>
  );
}

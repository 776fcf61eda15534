import { useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { PermissionMatrix } from '../../features/roles/PermissionMatrix.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRoleName } from '../../features/session/role-name.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { EditRole } from './EditRole.tsx';
import { usePermissionAreas } from './permission-areas.ts';

export type Role = Answer<'listRoles'>['data'][number];

export function RolesPanel({ organizationId }: { organizationId: string }) {
  const t = useTranslations('teams.roles');
  const [edited, setEdited] = useState<Role | 'new'>();
  const roles = useQuery(reading('listRoles', { params: { id: organizationId } }));
  const areas = usePermissionAreas('all');
  const roleName = useRoleName();
  const create = (
    <AllowedButton operation="createRole" onClick={() => setEdited('new')}>
      {t('create')}
    </AllowedButton>
  );
  if (roles.error && !roles.data) {
    return <Failure error={roles.error} onRetry={() => void roles.refetch()} />;
  }
  if (!roles.data) return <Loading rows={8} />;
  return (
    <Panel title={t('title')} note={t('note')} actions={create}>
      <PermissionMatrix
        areas={areas}
        roles={roles.data.data.map((role) => ({
          ...role,
          name: roleName({ role: role.id, role_name: role.name }),
          actions: !role.built_in && (
            <RoleActions
              role={role}
              organizationId={organizationId}
              onEdit={() => setEdited(role)}
            />
          ),
        }))}
      />
      {edited && (
        <EditRole
          organizationId={organizationId}
          role={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Panel>
  );
}

interface RoleActionsProps {
  role: Role;
  organizationId: string;
  onEdit: () => void;
}

function RoleActions({ role, organizationId, onEdit }: RoleActionsProps) {
  const t = useTranslations('teams.roles');
  const tUi = useTranslations('ui');
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const remove = useChange('deleteRole', { refreshes: ['listRoles'] });
  const { name } = role;
  const ask = () =>
    modal.confirm({
      title: t('deleteTitle', { name }),
      content: t('deleteNote'),
      okText: t('delete'),
      okButtonProps: { danger: true },
      cancelText: tUi('cancel'),
      onOk: () =>
        remove
          .mutateAsync({ params: { id: organizationId, role_id: role.id } })
          .catch((error: Error) => void message.error(errorText(error))),
    });
  return (
    <div className="actions">
      <AllowedButton
        operation="updateRole"
        size="small"
        aria-label={t('editNamed', { name })}
        onClick={onEdit}
      >
        {t('edit')}
      </AllowedButton>
      <AllowedButton
        operation="deleteRole"
        size="small"
        danger
        aria-label={t('deleteNamed', { name })}
        onClick={ask}
      >
        {t('delete')}
      </AllowedButton>
    </div>
  );
}

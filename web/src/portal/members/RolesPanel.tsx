import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { PermissionMatrix } from '../../features/roles/PermissionMatrix.tsx';
import { RoleActions } from '../../features/roles/RoleActions.tsx';
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
  const remove = useChange('deleteRole', { refreshes: ['listRoles'] });
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
              name={role.name}
              operations={{ update: 'updateRole', remove: 'deleteRole' }}
              onEdit={() => setEdited(role)}
              onRemove={() =>
                remove.mutateAsync({ params: { id: organizationId, role_id: role.id } })
              }
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

/** Roles of those who operate the deployment: what each allows, and those of its own making. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { PermissionMatrix } from '../../features/roles/PermissionMatrix.tsx';
import { RoleActions } from '../../features/roles/RoleActions.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { EditPlatformRole } from './EditPlatformRole.tsx';
import { type PlatformRole, usePlatformAreas } from './platform-areas.ts';
import { useOperatorRoleName } from './role-name.ts';

export function RolesPage() {
  const t = useTranslations('console.roles');
  const tRoles = useTranslations('teams.roles');
  const [edited, setEdited] = useState<PlatformRole | 'new'>();
  const create = (
    <AllowedButton operation="createPlatformRole" type="primary" onClick={() => setEdited('new')}>
      {tRoles('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Roles onEdit={setEdited} />
      {edited && (
        <EditPlatformRole
          role={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

function Roles({ onEdit }: { onEdit: (role: PlatformRole) => void }) {
  const roles = useQuery(reading('listPlatformRoles'));
  const areas = usePlatformAreas();
  const roleName = useOperatorRoleName();
  const remove = useChange('deletePlatformRole', { refreshes: ['listPlatformRoles'] });
  if (roles.error && !roles.data) {
    return <Failure error={roles.error} onRetry={() => void roles.refetch()} />;
  }
  if (!roles.data) return <Loading rows={8} />;
  return (
    <Panel>
      <PermissionMatrix
        areas={areas}
        roles={roles.data.data.map((role) => ({
          ...role,
          name: roleName(role),
          actions: !role.built_in && (
            <RoleActions
              name={role.name}
              operations={{ update: 'updatePlatformRole', remove: 'deletePlatformRole' }}
              onEdit={() => onEdit(role)}
              onRemove={() => remove.mutateAsync({ params: { id: role.id } })}
            />
          ),
        }))}
      />
    </Panel>
  );
}

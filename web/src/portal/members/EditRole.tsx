import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { type RoleFields, RoleForm } from '../../features/roles/RoleForm.tsx';
import { useSession } from '../../features/session/session.ts';
import { type Givable, usePermissionAreas } from './permission-areas.ts';
import type { Role } from './RolesPanel.tsx';

interface EditRoleProps {
  organizationId: string;
  /** Undefined makes a new one. */
  role: Role | undefined;
  onClose: () => void;
}

export function EditRole({ organizationId, role, onClose }: EditRoleProps) {
  const t = useTranslations('teams.roles');
  const { message } = App.useApp();
  const { organization } = useSession();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const options = {
    refreshes: ['listRoles', 'getMe', 'listMembers'] as const,
    onDone: () => {
      void message.success(t('saved'));
      onClose();
    },
  };
  const create = useChange('createRole', options);
  const update = useChange('updateRole', options);
  const save = (body: RoleFields<Givable>) => {
    const params = { id: organizationId };
    if (role) update.mutate({ params: { ...params, role_id: role.id }, body });
    else create.mutate({ idempotencyKey, params, body });
  };
  return (
    <RoleForm<Givable>
      role={role && { name: role.name, permissions: role.permissions as Givable[] }}
      areas={usePermissionAreas('givable')}
      own={organization?.permissions ?? []}
      change={role ? update : create}
      onEdit={() => setIdempotencyKey(newIdempotencyKey())}
      onSave={save}
      onClose={onClose}
    />
  );
}

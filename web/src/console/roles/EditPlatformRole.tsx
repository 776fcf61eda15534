import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { type RoleFields, RoleForm } from '../../features/roles/RoleForm.tsx';
import { useSession } from '../../features/session/session.ts';
import { type PlatformPermission, type PlatformRole, usePlatformAreas } from './platform-areas.ts';

interface EditPlatformRoleProps {
  /** Undefined makes a new one. */
  role: PlatformRole | undefined;
  onClose: () => void;
}

export function EditPlatformRole({ role, onClose }: EditPlatformRoleProps) {
  const t = useTranslations('teams.roles');
  const { message } = App.useApp();
  const { platformPermissions } = useSession();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const options = {
    refreshes: ['listPlatformRoles', 'getMe'] as const,
    onDone: () => {
      void message.success(t('saved'));
      onClose();
    },
  };
  const create = useChange('createPlatformRole', options);
  const update = useChange('updatePlatformRole', options);
  const save = (body: RoleFields<PlatformPermission>) => {
    if (role) update.mutate({ params: { id: role.id }, body });
    else create.mutate({ idempotencyKey, body });
  };
  return (
    <RoleForm<PlatformPermission>
      role={role}
      areas={usePlatformAreas()}
      own={platformPermissions}
      change={role ? update : create}
      onEdit={() => setIdempotencyKey(newIdempotencyKey())}
      onSave={save}
      onClose={onClose}
    />
  );
}

import { ownersPermission, type Permission, permissions } from '@sluice/contract/permissions';
import { useTranslations } from 'use-intl';
import { areasOf } from '../../features/roles/areas.ts';
import type { PermissionArea } from '../../features/roles/PermissionMatrix.tsx';

export type Givable = Exclude<Permission, typeof ownersPermission>;

const givable = permissions.filter((one): one is Givable => one !== ownersPermission);

/** What a role in an organization may allow, in words; `givable` without what stays with the owners. */
export function usePermissionAreas(which: 'all' | 'givable'): PermissionArea[] {
  const t = useTranslations('teams');
  return areasOf<Permission>(which === 'all' ? permissions : givable, {
    area: (key) => t(`roles.areas.${key as 'organization'}`),
    permission: (key) => t(`permissions.${key}`),
  });
}

import { platformPermissions } from '@sluice/contract/permissions';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { areasOf } from '../../features/roles/areas.ts';
import type { PermissionArea } from '../../features/roles/PermissionMatrix.tsx';

export type PlatformRole = Answer<'listPlatformRoles'>['data'][number];
export type PlatformPermission = PlatformRole['permissions'][number];

/** What a role on the deployment may allow, in words. */
export function usePlatformAreas(): PermissionArea[] {
  const t = useTranslations('console.roles');
  return areasOf<PlatformPermission>(platformPermissions, {
    area: (key) => t(`areas.${key as 'customers'}`),
    permission: (key) => t(`permissions.${key.slice(key.indexOf('.') + 1) as 'read'}`),
  });
}

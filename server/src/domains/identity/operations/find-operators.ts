import type { PlatformPermission } from '@sluice/contract/permissions';
import type { Executor } from '../../../platform/database/pool.ts';
import { platformPermissionsOf } from '../core/roles.ts';
import { listOperators } from '../store/roles.ts';
import type { Recipient } from './recipients-of.ts';

/** Whose role on the deployment holds a permission, up to so many people. */
export async function findOperators(
  executor: Executor,
  permission: PlatformPermission,
  limit: number,
): Promise<Recipient[]> {
  const operators = await listOperators(executor, limit);
  return operators
    .filter(({ role, permissions }) =>
      platformPermissionsOf(role, permissions).includes(permission),
    )
    .map(({ email, locale }) => ({ email, locale }));
}

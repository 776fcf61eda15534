/** The server's own table of who may call what, asked before a button is shown as pressable. */
import type { Operation } from '@sluice/contract';
import { allowsPerson, authorization } from '@sluice/contract/authorization';
import { useTranslations } from 'use-intl';
import { useRoleName } from './role-name.ts';
import { type Session, useVisitor } from './session.ts';

/** Undefined when it is allowed, else the sentence that says why not. */
export function useRefusalOf(): (operation: Operation) => string | undefined {
  const t = useTranslations('allowed');
  const session = useVisitor();
  const roleName = useRoleName();
  return (operation) => {
    if (isAllowed(operation, session)) return undefined;
    if (!session) return t('signIn');
    if (authorization[operation].platformPermission) return t('platform');
    const { role, role_name } = session.organization ?? { role: 'member', role_name: null };
    return t('role', { role: roleName({ role, role_name }) });
  };
}

export function isAllowed(operation: Operation, session: Session | null | undefined): boolean {
  const rule = authorization[operation];
  if (!session) return rule.anyone;
  return allowsPerson(rule, {
    permissions: session.organization?.permissions ?? [],
    platformPermissions: session.platformPermissions,
  });
}

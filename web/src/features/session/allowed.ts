/** The server's own table of who may call what, asked before a button is shown as pressable. */
import type { Operation } from '@sluice/contract';
import { authorization } from '@sluice/contract/authorization';
import { useTranslations } from 'use-intl';
import { type Session, useVisitor } from './session.ts';

/** Undefined when it is allowed, else the sentence that says why not. */
export function useRefusalOf(): (operation: Operation) => string | undefined {
  const t = useTranslations('allowed');
  const session = useVisitor();
  return (operation) => {
    if (isAllowed(operation, session)) return undefined;
    if (!session) return t('signIn');
    if (authorization[operation].platform.length > 0) return t('platform');
    return t('role', { role: t(`roles.${session.organization?.role ?? 'member'}`) });
  };
}

export function isAllowed(operation: Operation, session: Session | null | undefined): boolean {
  const rule = authorization[operation];
  if (rule.anyone) return true;
  if (!session) return false;
  if (rule.person) return true;
  const platformRole = session.user.platform_role;
  if (rule.platform.some((role) => role === platformRole)) return true;
  const role = session.organization?.role;
  return role !== undefined && rule.roles.includes(role);
}

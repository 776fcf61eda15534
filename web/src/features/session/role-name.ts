import { useTranslations } from 'use-intl';

const builtIn = ['owner', 'admin', 'billing', 'member'] as const;

/** What a role is called: a built-in one in the reader's language, another as its makers called it. */
export function useRoleName(): (held: { role: string; role_name: string | null }) => string {
  const t = useTranslations('allowed.roles');
  return ({ role, role_name }) => {
    const known = builtIn.find((name) => name === role);
    return known ? t(known) : (role_name ?? role);
  };
}

const platformRoles = ['user', 'operator', 'admin'] as const;

/** What somebody's role on the deployment is called, as far as it is built in. */
export function usePlatformRoleName(): (role: string) => string {
  const t = useTranslations('console.users.roles');
  return (role) => t(platformRoles.find((name) => name === role) ?? 'custom');
}

import { usePlatformRoleName } from '../../features/session/role-name.ts';

/** What a role of operators is called: a built-in one in the reader's language. */
export function useOperatorRoleName(): (role: {
  id: string;
  name: string;
  built_in: boolean;
}) => string {
  const builtInName = usePlatformRoleName();
  return ({ id, name, built_in }) => (built_in ? builtInName(id) : name);
}

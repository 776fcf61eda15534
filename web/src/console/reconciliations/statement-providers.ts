import { useQuery } from '@tanstack/react-query';
import { reading } from '../../api/use-call.ts';

/** Providers that hand out statements. */
export function useStatementProviders() {
  const { data } = useQuery(reading('listProviders'));
  const providers = data?.data ?? [];
  return providers.filter(({ capabilities }) => capabilities.statements);
}

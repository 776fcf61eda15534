import { useQuery } from '@tanstack/react-query';
import { reading } from '../../api/use-call.ts';

/** How the account is protected; every panel about it reads the same answer. */
export function useSecurity() {
  return useQuery(reading('getMySecurity'));
}

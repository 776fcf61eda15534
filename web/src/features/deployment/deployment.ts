/** What the app must know of the deployment that it belongs to. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';

type Deployment = Answer<'getDeployment'>;

/** Somebody else may move a sandbox's clock while one looks; a live deployment's never moves. */
const sandboxRefetchMs = 30_000;

export const deploymentQuery = queryOptions({
  ...reading('getDeployment'),
  staleTime: sandboxRefetchMs,
  refetchInterval: ({ state }) => state.data?.mode === 'sandbox' && sandboxRefetchMs,
});

/** Undefined until it is known. */
export function useDeployment(): Deployment | undefined {
  return useQuery(deploymentQuery).data;
}

/** Answers a few of these milliseconds apart are of the same clock. */
const jitterMs = 5_000;

/** How far business time is ahead of this browser's clock; a little travel time is no difference. */
export function useClockOffset(): number {
  const { data, dataUpdatedAt } = useQuery(deploymentQuery);
  if (!data) return 0;
  const offsetMs = Date.parse(data.business_time) - dataUpdatedAt;
  return Math.round(offsetMs / jitterMs) * jitterMs;
}

/** Cursor lists: one hook for every list endpoint, in the shape that `ui/DataTable` draws. */
import type { Operation } from '@sluice/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Pages } from '../ui/pages.ts';
import { type Answer, call, type Request } from './call.ts';

type Item<O extends Operation> = Answer<O> extends { data: (infer T)[] } ? T : never;
export type ListOperation = {
  [O in Operation]: Answer<O> extends { data: unknown[]; next_cursor: string | null } ? O : never;
}[Operation];

export function usePages<O extends ListOperation>(
  operation: O,
  request: Omit<Request<O>, 'signal' | 'idempotencyKey'>,
  options: { refetchIntervalMs?: number; enabled?: boolean } = {},
): Pages<Item<O>> {
  const list = useInfiniteQuery({
    queryKey: [operation, request],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => callPage(operation, request, { cursor: pageParam, signal }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: options.enabled ?? true,
    // Somebody who has gone further down reads what was; asking for all of it again would cost too much.
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) > 1 ? false : (options.refetchIntervalMs ?? false),
  });
  return {
    rows: list.data?.pages.flatMap((page) => page.data) as Item<O>[] | undefined,
    error: list.error,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    retry: () => void list.refetch(),
  };
}

/** The contract's types promise that a list operation takes `cursor`; TypeScript cannot follow it through `O`. */
function callPage(
  operation: ListOperation,
  request: object,
  page: { cursor: string | undefined; signal: AbortSignal },
) {
  const query = { ...('query' in request ? (request.query as object) : {}), cursor: page.cursor };
  const listCall = call as (
    operation: Operation,
    request: object,
  ) => Promise<{ data: unknown[]; next_cursor: string | null }>;
  return listCall(operation, { ...request, query, signal: page.signal });
}

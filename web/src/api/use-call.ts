/** Reads and changes, keyed by operation so that a change can refresh what it touched. */
import type { Operation } from '@sluice/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, call, type Request } from './call.ts';

/** Query of one operation; the operation's name leads its key. */
export function reading<O extends Operation>(operation: O, request?: Request<O>) {
  const read = call as (operation: O, request?: object) => Promise<Answer<O>>;
  return queryOptions({
    queryKey: [operation, request ?? {}],
    queryFn: ({ signal }) => read(operation, { ...request, signal }),
  });
}

/** A change; when it succeeded, every query of the operations in `refreshes` is asked again. */
export function useChange<O extends Operation>(
  operation: O,
  options: { refreshes?: readonly Operation[]; onDone?: (answer: Answer<O>) => void } = {},
) {
  const client = useQueryClient();
  const change = call as (operation: O, request: Request<O>) => Promise<Answer<O>>;
  return useMutation({
    mutationFn: (request: Request<O>) => change(operation, request),
    onSuccess: async (answer) => {
      const refreshed = options.refreshes ?? [];
      await Promise.all(refreshed.map((name) => client.invalidateQueries({ queryKey: [name] })));
      options.onDone?.(answer);
    },
  });
}

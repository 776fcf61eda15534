import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { ModelPrice } from './columns.tsx';

const likeIt = 200;

/** The version of exactly this model that calls are rated with now; null where it has none. */
export function priceInForce(model: string) {
  return queryOptions({
    queryKey: ['searchModelPrices', 'in force', model],
    queryFn: async ({ signal }): Promise<ModelPrice | null> => {
      const { data } = await call('searchModelPrices', {
        query: { q: model, limit: likeIt },
        signal,
      });
      return data.find((price) => price.model === model) ?? null;
    },
  });
}

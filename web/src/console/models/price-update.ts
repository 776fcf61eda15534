import type { Answer } from '../../api/call.ts';

export type PriceUpdate = Answer<'listPriceUpdates'>['data'][number];

/** What a decision about an update changes. */
export const refreshedByUpdates = ['listPriceUpdates', 'searchModelPrices', 'listModels'] as const;

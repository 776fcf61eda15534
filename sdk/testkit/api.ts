/** The same small API in each framework, as somebody has it who puts the SDK's guards in front of its routes. */

import type { Sluice } from '../src/create-sluice.ts';
import type { SluiceCall } from '../src/middleware/call.ts';

export interface RunningApi {
  url: string;
  stop(): Promise<void>;
}

export type StartApi = (client: Sluice) => Promise<RunningApi>;

/** What a caller asks the handler of POST /analyses to do. */
export type Wish = 'plain' | 'three' | 'free' | 'refuse' | 'fail' | 'throw' | 'stream';

/** The handler's own work, before its framework answers with the status; a stream is the framework's own. */
export function analyze(wish: Wish, call: SluiceCall): number {
  if (wish === 'three') call.use('analyses', 3);
  if (wish === 'free') call.release();
  if (wish === 'throw') throw new Error('the scanner is broken');
  if (wish === 'refuse') return 422;
  return wish === 'fail' ? 503 : 200;
}

export const chunkEveryMs = 20;
/** A stream that ends is this long; one that the caller leaves would be. */
export const chunks = 5;

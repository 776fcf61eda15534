import type { Platform } from '../../../platform/context.ts';
import { deleteClosedBefore } from '../store.ts';

/** Far longer than any call lasts: nobody asks about a released request after that. */
const keptMs = 48 * 3_600_000;

/** Forgets requests that were released long ago. */
export async function forgetClosedRequests(
  platform: Pick<Platform, 'database' | 'clocks'>,
): Promise<void> {
  const before = new Date(platform.clocks.wall().getTime() - keptMs);
  await deleteClosedBefore(platform.database, before);
}

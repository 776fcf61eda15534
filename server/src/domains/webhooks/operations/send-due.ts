/**
 * Sends what is due, side by side. Of one endpoint only so many are under way at once, over all processes; to one that
 * takes nothing a single one, and those take half of a process's places at most: who is slow or away holds up nobody else.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { createNudge, type Nudge } from '../nudge.ts';
import type { Sender } from '../sender.ts';
import {
  beginTries,
  isAnythingDue,
  lockDueEndpoints,
  type TakenDelivery,
  takeDeliveries,
} from '../store/queue.ts';
import { tryDelivery } from './try-delivery.ts';
import { wakeSender } from './wake-sender.ts';

/** Deliveries under way in one process. */
const placesMax = 32;
/** Of those, to endpoints that took nothing the last time. */
const failingPlacesMax = 16;
const perEndpointMax = 4;
/** Longer than any one try takes. */
const leaseMs = 60_000;
/** No more are begun after that, so that a process that is asked to stop can; what is left wakes the next turn. */
const turnMs = 10_000;

/** Until nothing is due any more, or its turn is over; answers how many tries were made. A nudge has it look again. */
export async function sendDue(
  context: Context,
  sender: Sender,
  nudge: Nudge = createNudge(),
): Promise<number> {
  const beganMs = performance.now();
  const running = new Map<string, { isFailing: boolean; done: Promise<void> }>();
  let tries = 0;
  while (true) {
    const isOver = performance.now() - beganMs > turnMs;
    // What somebody wanted sent before this line is seen by the query behind it.
    if (!isOver) nudge.take();
    const taken = isOver ? [] : await takeDue(context, [...running.values()]);
    for (const delivery of taken) {
      tries += 1;
      const done = tryDelivery(context, sender, delivery).finally(() =>
        running.delete(delivery.id),
      );
      running.set(delivery.id, { isFailing: delivery.isFailing, done });
    }
    if (running.size === 0) break;
    const ends = [...running.values()].map(({ done }) => done);
    await Promise.race(isOver ? ends : [...ends, nudge.wait()]);
  }
  await leaveRest(context);
  return tries;
}

async function takeDue(
  context: Context,
  running: readonly { isFailing: boolean }[],
): Promise<TakenDelivery[]> {
  const places = placesMax - running.length;
  if (places <= 0) return [];
  const failing = running.filter(({ isFailing }) => isFailing).length;
  const now = context.clocks.wall();
  const until = new Date(now.getTime() + leaseMs);
  return inTransaction(context, async (transaction) => {
    const endpoints = await lockDueEndpoints(transaction, {
      ...{ now, perEndpointMax, limit: places, healthyOnly: failing >= failingPlacesMax },
    });
    const taken: TakenDelivery[] = [];
    let failingTaken = failing;
    for (const { id: endpointId, room, isFailing } of endpoints) {
      const limit = Math.min(room, places - taken.length);
      if (limit <= 0 || (isFailing && failingTaken >= failingPlacesMax)) continue;
      if (isFailing) failingTaken += 1;
      taken.push(...(await takeDeliveries(transaction, { endpointId, now, until, limit })));
    }
    if (taken.length > 0) await beginTries(transaction, taken, now);
    return taken;
  });
}

/** What became due meanwhile, or had no place, has the next turn begin at once. */
async function leaveRest(context: Context): Promise<void> {
  if (!(await isAnythingDue(context.database, context.clocks.wall()))) return;
  await inTransaction(context, (transaction) => wakeSender(transaction));
}

import { type Check, count, lasting, ok, warn } from './checks.ts';
import { readOutboxBacklog } from './outbox.ts';

const lateMs = 10 * 60_000;

export const outboxCheck: Check = {
  name: 'events',
  async run({ database, clocks }) {
    const now = clocks.wall();
    const lateBefore = new Date(now.getTime() - lateMs);
    const { late, oldest, events } = await readOutboxBacklog(database, lateBefore);
    if (late === 0n || oldest === null) return [ok('Events are told.')];
    const waited = lasting(now.getTime() - oldest.getTime());
    return [
      warn(
        `${count(late, 'event')} are not told, the oldest for ${waited}: ${events.join(', ')}.`,
        'See that a server runs, and its log for "news was not heard".',
      ),
    ];
  },
};

import type { Context } from '../../../platform/context.ts';
import type { Attempt } from '../core/attempt.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { claimDueQueries } from '../store.ts';
import { queryAttempt } from './query-attempt.ts';

const attemptsPerPollMax = 100;
const queriesAtOnceMax = 5;

/** Asks about every attempt whose time has come; answers how many. One that fails does not keep the others waiting. */
export async function pollAttempts(context: Context): Promise<number> {
  const wall = context.clocks.wall();
  const now = { wall, business: context.clocks.business() };
  const due = await claimDueQueries(context.database, now, {
    limit: attemptsPerPollMax,
    againAt: (queries) => nextQueryAt(wall, queries + 1),
  });
  const waiting = [...due];
  const askNext = async (): Promise<void> => {
    for (let attempt = waiting.shift(); attempt; attempt = waiting.shift()) {
      await ask(context, attempt);
    }
  };
  await Promise.all(Array.from({ length: queriesAtOnceMax }, askNext));
  return due.length;
}

async function ask(context: Context, attempt: Attempt): Promise<void> {
  try {
    await queryAttempt(context, attempt);
  } catch (error) {
    context.log.error(
      { err: error, payment: attempt.id },
      'a payment could not be settled by query; it is asked about again',
    );
  }
}

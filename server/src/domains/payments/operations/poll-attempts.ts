import type { Context } from '../../../platform/context.ts';
import type { Attempt } from '../core/attempt.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { claimDueQueries } from '../store.ts';
import { queryAttempt } from './query-attempt.ts';

const attemptsPerPollMax = 1_000;
const queriesAtOnceMax = 10;

/**
 * Asks about every attempt whose time has come; answers how many. They are claimed a few at a time, so that a process
 * that dies leaves few of them to wait for their next turn. One that fails does not keep the others waiting.
 */
export async function pollAttempts(context: Context): Promise<number> {
  let asked = 0;
  while (asked < attemptsPerPollMax) {
    const due = await claim(context);
    await Promise.all(due.map((attempt) => ask(context, attempt)));
    asked += due.length;
    if (due.length < queriesAtOnceMax) break;
  }
  return asked;
}

function claim(context: Context): Promise<Attempt[]> {
  const wall = context.clocks.wall();
  return claimDueQueries(
    context.database,
    { wall, business: context.clocks.business() },
    { limit: queriesAtOnceMax, againAt: (queries) => nextQueryAt(wall, queries + 1) },
  );
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

import type { Context } from '../../../platform/context.ts';
import { nextQueryAt } from '../core/schedule.ts';
import { claimDueSetups } from '../setups-store.ts';
import { querySetup } from './query-setup.ts';

const setupsPerPollMax = 200;

/** Asks about every set-up whose time has come; one that fails does not keep the others waiting. */
export async function pollSetups(context: Context): Promise<number> {
  const wall = context.clocks.wall();
  const due = await claimDueSetups(context.database, wall, {
    limit: setupsPerPollMax,
    againAt: (queries) => nextQueryAt(wall, queries + 1),
  });
  for (const setup of due) {
    try {
      await querySetup(context, setup);
    } catch (error) {
      context.log.error(
        { err: error, setup: setup.id },
        'a set-up of a payment method could not be asked about; it is asked about again',
      );
    }
  }
  return due.length;
}

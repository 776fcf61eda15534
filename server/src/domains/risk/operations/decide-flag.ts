import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { holdPayments } from '../../payments/index.ts';
import { insertPending } from '../signals-store.ts';
import {
  endFlag,
  type Flag,
  findFlag,
  insertExcuses,
  listActiveFlags,
  lockStanding,
  saveStanding,
} from '../store.ts';

interface LiftCommand {
  id: string;
  note: string;
}

/**
 * Lifts a flag and what it holds. Its evidence never raises it again; what is new since counts from nothing.
 * @throws Refusal `not_found`; `invalid_state` where it is not in force any more.
 */
export async function liftFlag(context: Context, { id, note }: LiftCommand): Promise<Flag> {
  return decide(context, id, 'lift', async (transaction, flag) => {
    await insertExcuses(transaction, flag);
    return { ...flag, state: 'lifted', holds: false, note };
  });
}

/**
 * Confirms a flag: it stays until somebody lifts it, and holds what the operator says.
 * @throws Refusal `not_found`; `invalid_state` where it is not in force any more.
 */
export async function confirmFlag(
  context: Context,
  { id, note, holds }: LiftCommand & { holds: boolean | undefined },
): Promise<Flag> {
  return decide(context, id, 'confirm', async (_transaction, flag) => ({
    ...{ ...flag, state: 'confirmed' as const, holds: holds ?? flag.holds, note },
  }));
}

async function decide(
  context: Context,
  id: string,
  verb: 'lift' | 'confirm',
  change: (transaction: Transaction, flag: Flag) => Promise<Flag>,
): Promise<Flag> {
  return inTransaction(context, async (transaction) => {
    const seen = await findFlag(transaction, id);
    if (!seen) throw notFound('flag');
    const { organizationId } = seen;
    const standing = await lockStanding(transaction, organizationId);
    const flag = (await findFlag(transaction, id)) ?? seen;
    if (flag.state !== 'open' && flag.state !== 'confirmed') {
      throw new Refusal('invalid_state', 'The flag is in force no more: load the page again.');
    }
    const at = context.clocks.business();
    const changed = await change(transaction, flag);
    const decided = { ...changed, changedAt: at, decidedBy: context.actor.id };
    await endFlag(transaction, decided);
    const flags = await listActiveFlags(transaction, organizationId);
    const isHeld = flags.some(({ holds }) => holds);
    await holdPayments(context, transaction, { organizationId, isHeld });
    await saveStanding(transaction, { ...standing, isHeld });
    // The score is made anew without what was lifted.
    const waiting = { id: newId('rsk', context.clocks.wall()), organizationId, spreads: false };
    await insertPending(transaction, [waiting]);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: `risk_flag.${verb}`,
      resource: { kind: 'risk_flag', id },
      oldValues: { state: flag.state, holds: flag.holds },
      newValues: {
        organization: organizationId,
        state: decided.state,
        holds: decided.holds,
        note: decided.note,
      },
    });
    return decided;
  });
}

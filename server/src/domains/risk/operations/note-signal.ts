/** What happens elsewhere is noted here within its own transaction, by adding a row: nobody waits, and nothing is missed. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { countSignInFailure, insertPending } from '../signals-store.ts';

export async function noteSignal(
  context: Context,
  transaction: Transaction,
  { organizationId, spreads }: { organizationId: string; spreads: boolean },
): Promise<void> {
  const id = newId('rsk', context.clocks.wall());
  await insertPending(transaction, [{ id, organizationId, spreads }]);
}

const hourMs = 3_600_000;
/** An account is looked at after the first failure of an hour, and after so many more. */
const step = 10;

export async function noteSignInFailure(
  context: Context,
  transaction: Transaction,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const hour = new Date(Math.floor(context.clocks.wall().getTime() / hourMs) * hourMs);
  const failures = await countSignInFailure(transaction, { organizationId, hour });
  if (failures % step === 1) {
    await noteSignal(context, transaction, { organizationId, spreads: false });
  }
}

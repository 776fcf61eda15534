import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { saveVerification } from '../watch-store.ts';
import { verifyLedger } from './verify-ledger.ts';

/** Verifies the ledger and remembers what was found; each problem is an error in the log. */
export async function watchLedger(context: Context): Promise<void> {
  const { problems, transfers } = await verifyLedger(context);
  for (const problem of problems)
    context.log.error({ problem }, 'the ledger disagrees with itself');
  const verifiedAt = context.clocks.wall();
  await saveVerification(context.database, {
    id: newId('ver', verifiedAt),
    verifiedAt,
    problems: problems.length,
    transfers: BigInt(transfers),
  });
}

import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { fromMinor } from '../../../platform/money.ts';
import { handleEach } from '../../invoicing/index.ts';
import { postTransfers } from '../../ledger/index.ts';
import { recognize } from '../core/recognition.ts';
import { findRecognizableIds, lockOrganizationPackage, saveRecognition } from '../store.ts';

const packagesPerRunMax = 10_000;

/** Moves what was earned since the last time from `deferred` to `revenue`; answers for how many packages. */
export async function recognizeRevenue(context: Context): Promise<number> {
  const now = context.clocks.business();
  const due = await findRecognizableIds(context.database, now, packagesPerRunMax);
  return handleEach(context, due, (id) => recognizeOne(context, id, now));
}

async function recognizeOne(context: Context, id: string, now: Date): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const owned = await lockOrganizationPackage(transaction, id);
    invariant(owned?.startsAt && owned.timeZone, `package ${id} has begun`);
    const { startsAt, timeZone, durationDays, price } = owned;
    const term = { startsAt, timeZone, durationDays, priceMinor: price.minor };
    const { days, earnedMinor, nextAt } = recognize(term, now);
    // Of two runs at once the one that began earlier may come here later: what was earned stays earned.
    if (days <= owned.recognizedDays) return false;
    const minor = earnedMinor - owned.recognizedMinor;
    if (minor > 0n) {
      const amount = fromMinor({ minor, currency: price.currency });
      await postTransfers(context, transaction, owned.organizationId, [
        { debit: 'deferred', credit: 'revenue', amount, kind: 'recognition', reference: id },
      ]);
    }
    await saveRecognition(transaction, id, { days, minor: earnedMinor, nextAt });
    return true;
  });
}

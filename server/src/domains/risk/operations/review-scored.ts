import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { insertPending, listScored } from '../signals-store.ts';

const pageLength = 500;

/** Has everybody looked at again of whom something was known: evidence grows old without anything happening. */
export async function reviewScored(context: Context): Promise<void> {
  let after = '';
  for (;;) {
    const scored = await listScored(context.database, after, pageLength);
    const at = context.clocks.wall();
    await insertPending(
      context.database,
      scored.map((organizationId) => ({ id: newId('rsk', at), organizationId, spreads: false })),
    );
    const last = scored.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

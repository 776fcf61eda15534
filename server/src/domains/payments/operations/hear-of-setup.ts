import type { Context } from '../../../platform/context.ts';
import { findSetup } from '../setups-store.ts';
import { querySetup } from './query-setup.ts';

/** A provider says that something became of a set-up: it is asked. False for a number that is none. */
export async function hearOfSetup(
  context: Context,
  {
    provider,
    number,
    reference,
  }: { provider: string; number: string; reference?: string | undefined },
): Promise<boolean> {
  const setup = await findSetup(context.database, { number });
  if (setup?.provider !== provider) return false;
  await querySetup(context, { ...setup, reference: setup.reference ?? reference ?? null });
  return true;
}

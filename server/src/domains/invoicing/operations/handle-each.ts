import type { Context } from '../../../platform/context.ts';

/** Handles due records in their order; one that fails is logged and keeps none of the others waiting. */
export async function handleEach(
  context: Context,
  ids: readonly string[],
  handle: (id: string) => Promise<boolean>,
): Promise<number> {
  let handled = 0;
  for (const id of ids) {
    try {
      if (await handle(id)) handled += 1;
    } catch (error) {
      context.log.error({ err: error, record: id }, 'a due record failed; it is tried again');
    }
  }
  return handled;
}

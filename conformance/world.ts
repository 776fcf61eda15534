/** One database for all examples about funds: it starts with the first of them. */
import { type Funds, type Given, openWorld, type World } from './funds.ts';

let opened: Promise<World> | undefined;

export async function customer(given: Given): Promise<Funds> {
  opened ??= openWorld();
  return (await opened).customer(given);
}

/** Stops the database, if an example has started it. */
export async function closeWorld(): Promise<void> {
  await (await opened)?.close();
}

/** Statements about many things, asked for one thing at a time. */
import type { Executor } from './pool.ts';

/** A statement about any number of things; its answers are in their places. */
export type Statement<T, R> = (executor: Executor, items: readonly T[]) => Promise<readonly R[]>;

/** Runs `flush` when everybody who shares the transaction has asked for what comes next. */
export type Gatherer = (flush: () => Promise<void>) => void;

const gatherers = new WeakMap<object, Gatherer>();

/** From now on what is asked of this executor at the same moment is gathered. */
export function gatherOn(executor: Executor, gatherer: Gatherer): void {
  gatherers.set(executor, gatherer);
}

interface Asked<T, R> {
  item: T;
  resolve: (answer: R) => void;
  reject: (reason: unknown) => void;
}

/**
 * Asks a statement for one thing. Alone it is sent at once. In a bulk transaction, whatever its members ask of the same
 * statement at the same moment is one: a hundred renewals read a hundred organizations together. Things of one key, where
 * there are keys, never share a statement: for one that changes a row once.
 */
export function gathered<T, R>(
  statement: Statement<T, R>,
  keyOf?: (item: T) => string,
): (executor: Executor, item: T) => Promise<R> {
  const waiting = new WeakMap<object, Asked<T, R>[]>();
  const send = async (executor: Executor, asked: readonly Asked<T, R>[]) => {
    try {
      const answers = await statement(
        executor,
        asked.map(({ item }) => item),
      );
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as R);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return async (executor, item) => {
    const gather = gatherers.get(executor);
    if (!gather) return (await statement(executor, [item]))[0] as R;
    return new Promise<R>((resolve, reject) => {
      const asked = waiting.get(executor);
      const mine = { item, resolve, reject };
      if (asked) {
        asked.push(mine);
        return;
      }
      const all = [mine];
      waiting.set(executor, all);
      gather(async () => {
        waiting.delete(executor);
        await Promise.all(inRounds(all, keyOf).map((round) => send(executor, round)));
      });
    });
  };
}

/** Each key once in a round; the rounds are sent one after the other. */
function inRounds<T, R>(
  asked: readonly Asked<T, R>[],
  keyOf: ((item: T) => string) | undefined,
): Asked<T, R>[][] {
  if (!keyOf) return [[...asked]];
  const rounds: Asked<T, R>[][] = [];
  const seen = new Map<string, number>();
  for (const one of asked) {
    const key = keyOf(one.item);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    const members = rounds[round];
    if (members) members.push(one);
    else rounds[round] = [one];
  }
  return rounds;
}

/** The scenarios that hold for all calls, or for all calls with one key label, until they are used up or cleared. */
import type { Scenario } from './scenario.ts';

export interface PostedScenario {
  /** The key label it holds for; null for every call. */
  key: string | null;
  text: string;
  scenario: Scenario;
  /** How many calls it still bends; null for any number. */
  timesLeft: number | null;
}

export function createScenarioBoard() {
  const posted = new Map<string | null, PostedScenario>();

  function take(key: string | null): Scenario | undefined {
    const found = posted.get(key);
    if (!found) return undefined;
    if (found.timesLeft !== null) {
      found.timesLeft -= 1;
      if (found.timesLeft === 0) posted.delete(key);
    }
    return found.scenario;
  }

  return {
    post: (entry: PostedScenario) => posted.set(entry.key, entry),
    clear: () => posted.clear(),
    remove: (key: string | null) => posted.delete(key),
    list: () => [...posted.values()],
    /** What bends the next call of a label: its own scenario over everybody's. Undefined in the usual case. */
    takeFor(label: string): Scenario | undefined {
      if (posted.size === 0) return undefined;
      const everybody = take(null);
      const own = take(label);
      return everybody || own ? { ...everybody, ...own } : undefined;
    },
  };
}

export type ScenarioBoard = ReturnType<typeof createScenarioBoard>;

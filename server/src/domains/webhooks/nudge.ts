/** Wakes whoever waits for one of several things, and remembers that it was asked to. */
export interface Nudge {
  give(): void;
  /** Resolves once it was given, and nobody has taken it since. */
  wait(): Promise<void>;
  /** Whether it was given; from then on it waits for the next. */
  take(): boolean;
}

export function createNudge(): Nudge {
  let next = Promise.withResolvers<void>();
  let isGiven = false;
  return {
    give() {
      isGiven = true;
      next.resolve();
    },
    wait: () => next.promise,
    take() {
      if (!isGiven) return false;
      isGiven = false;
      next = Promise.withResolvers<void>();
      return true;
    },
  };
}

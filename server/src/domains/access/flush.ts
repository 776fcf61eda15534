/**
 * Waits until the log of the database is on disk up to now. A batch commits asynchronously, so that its organizations
 * are free for the next one while the disk writes, and is answered only behind a flush: half as many calls again per
 * second on one organization. The log is written in order, so whatever was committed before the call is durable when it
 * resolves.
 */
export type Flush = () => Promise<void>;

/** One flush at a time: who comes while one is under way, which may be too early for them, shares the next. */
export function createFlush(run: () => Promise<void>): Flush {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const flushing = run().finally(() => {
      if (current === flushing) current = undefined;
    });
    current = flushing;
    return flushing;
  }
  return () => {
    if (!current) return start();
    next ??= current
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}

/** What the log must know of people, told by whoever keeps them: identity, which lies above. */
import type { Executor } from '../../platform/database/pool.ts';

export interface Person {
  name: string | null;
  email: string;
}

export interface People {
  /** Those of the ids that have an account; with `among`, only members of that organization. */
  findByIds(
    executor: Executor,
    ids: readonly string[],
    among: string | undefined,
  ): Promise<Map<string, Person>>;
  findIdByMail(
    executor: Executor,
    email: string,
    among: string | undefined,
  ): Promise<string | undefined>;
  /** A user agent in words. */
  deviceOf(userAgent: string | null): string | null;
}

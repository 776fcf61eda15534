/** A check of what the database says twice. */
import type { RawBuilder } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

/** One disagreement. */
export interface Finding {
  organization_id: string;
  /** The bucket, call or account. */
  subject: string;
  recorded: string;
  replayed: string;
}

export interface Check {
  /** Says what disagrees, in front of "…: recorded … , replayed …". */
  name: string;
  find(executor: Executor, limit: number): Promise<Finding[]>;
}

export const check = (name: string, query: (limit: number) => RawBuilder<Finding>): Check => ({
  name,
  find: async (executor, limit) => (await query(limit).execute(executor)).rows,
});

import type { Executor } from '../../../platform/database/pool.ts';
import { findPersonalOrganization } from '../store/organizations.ts';

/** What a person does to their own account is recorded in the log of their own organization. */
export async function personalChain(executor: Executor, userId: string): Promise<string | null> {
  return (await findPersonalOrganization(executor, userId)) ?? null;
}

import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { findMetersById, readQuota, type StoredQuota } from '../../catalog/index.ts';
import { changeQuotas } from './change-quotas.ts';
import { grantsOf } from './grants-of.ts';

/** A package that begins. */
export interface PackageQuotas {
  organizationId: string;
  organizationPackageId: string;
  /** As they were sold. */
  quotas: readonly StoredQuota[];
  startsAt: Date;
  endsAt: Date;
}

/** Adds what a package gives to the organization's quotas, from its beginning to its end; nothing has to run then. */
export async function addPackageQuotas(
  context: Context,
  transaction: Transaction,
  { organizationId, organizationPackageId, quotas: stored, startsAt, endsAt }: PackageQuotas,
): Promise<void> {
  if (stored.length === 0) return;
  const quotas = stored.map(readQuota);
  const meters = await findMetersById(
    transaction,
    quotas.map(({ meterId }) => meterId),
  );
  await changeQuotas(context, transaction, {
    organizationId,
    add: grantsOf(quotas, meters, {
      organizationId,
      anchorAt: startsAt,
      source: 'package',
      sourceId: organizationPackageId,
      startsAt,
      endsAt,
    }),
  });
}

import type { BodyOf } from '@sluice/contract/endpoint';
import type { setOrganizationMultiplier as endpoint } from '@sluice/contract/model-groups';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMultiplier, parseMultiplier } from '../../../platform/multiplier.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import { insertOrganizationMultiplier, loadGroups } from '../groups-store.ts';
import { modelGroupsChannel } from '../model-group-book.ts';
import { readEffectiveFrom } from './read-effective-from.ts';

/**
 * Gives a customer its own multiplier for a group of models, or the group's again; calls that began keep theirs.
 * @throws Refusal `not_found`, `rule_violated`.
 */
export async function setOrganizationMultiplier(
  context: Context,
  { organizationId, group }: { organizationId: string; group: string },
  { multiplier, effective_from }: BodyOf<typeof endpoint>,
): Promise<{ groupId: string }> {
  const now = context.clocks.business();
  const effectiveFrom = readEffectiveFrom(effective_from, now);
  return inTransaction(context, async (transaction) => {
    if (!(await findOrganization(transaction, organizationId))) throw notFound('organization');
    const groups = await loadGroups(transaction);
    const found = groups.find(({ id, slug }) => id === group || slug === group);
    if (!found) throw notFound('model group');
    const millionths = multiplier === null ? null : parseMultiplier(multiplier);
    await insertOrganizationMultiplier(
      transaction,
      {
        ...{ id: newId('omu', now), organizationId, groupId: found.id, effectiveFrom },
        multiplierMillionths: millionths,
      },
      now,
    );
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization_multiplier.set',
      resource: { kind: 'model_group', id: found.id },
      newValues: {
        group: found.slug,
        multiplier: millionths === null ? null : formatMultiplier(millionths),
        effective_from: effectiveFrom.toISOString(),
      },
    });
    await notify(transaction, modelGroupsChannel, found.slug);
    return { groupId: found.id };
  });
}

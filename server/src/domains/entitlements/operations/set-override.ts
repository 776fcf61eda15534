import type { BodyOf } from '@sluice/contract/endpoint';
import type { setQuotaOverride as endpoint } from '@sluice/contract/entitlements';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { decideQuota, findNamed, loadMeters, meterUnknown } from '../../catalog/index.ts';
import { findCostCenter, findMembership, lockApiKey } from '../../identity/index.ts';
import { findOrganizationPlan } from '../plans-store.ts';
import { listSources, type QuotaSubject } from '../quotas-store.ts';
import { changeQuotas, type QuotaGrant } from './change-quotas.ts';
import { type QuotaView, readQuotaView } from './list-quotas.ts';

type Command = BodyOf<typeof endpoint> & { organizationId: string };

/** One operator's override for each quota. */
const overrideId = 'operator';

/**
 * Sets a limit that stands alone while it lasts, whatever plan and packages give; null is unlimited.
 * @throws Refusal `meter_unknown`; `rule_violated` for a quota that the meter cannot have; `not_found` for a subject.
 */
export async function setOverride(context: Context, command: Command): Promise<QuotaView> {
  const { organizationId } = command;
  return inTransaction(context, async (transaction) => {
    const subject = await requireSubject(transaction, organizationId, command.subject);
    const grant = await decideOverride(context, transaction, { ...command, subject });
    const [quotaId = ''] = await changeQuotas(context, transaction, {
      organizationId,
      add: [grant],
    });
    const view = await readQuotaView(transaction, organizationId, quotaId);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'quota_override.set',
      resource: { kind: 'quota', id: quotaId },
      newValues: {
        subject,
        meter: command.meter,
        window: command.window,
        limit: command.limit,
        hard: grant.source.hard,
        ends_at: grant.source.endsAt?.toISOString() ?? null,
      },
    });
    return view;
  });
}

/**
 * Takes an override back: plan and packages count again.
 * @throws Refusal `not_found` where the quota has none.
 */
export async function removeOverride(
  context: Context,
  { organizationId, quotaId }: { organizationId: string; quotaId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const before = (await listSources(transaction, [quotaId]))
      .get(quotaId)
      ?.find(({ source }) => source === 'override');
    const changed = await changeQuotas(context, transaction, {
      organizationId,
      remove: { source: 'override', quotaId },
    });
    if (changed.length === 0 || !before) throw notFound('override', 'quota');
    await recordAudit(context, transaction, {
      organizationId,
      action: 'quota_override.remove',
      resource: { kind: 'quota', id: quotaId },
      oldValues: { limit: before.limit === null ? null : String(before.limit), hard: before.hard },
    });
  });
}

async function decideOverride(
  context: Context,
  transaction: Transaction,
  command: Omit<Command, 'subject'> & { subject: QuotaSubject },
): Promise<QuotaGrant> {
  const now = context.clocks.business();
  const endsAt = command.ends_at ? new Date(command.ends_at) : null;
  if (endsAt !== null && endsAt <= now) {
    throw new Refusal('rule_violated', 'Let the override end later than now.', {
      param: 'ends_at',
    });
  }
  const meters = (await loadMeters(transaction)).filter(({ status }) => status === 'active');
  const meter = findNamed(meters, null, command.meter);
  if (!meter) throw meterUnknown(command.meter, 'meter');
  const decision = decideQuota(meter, command);
  if ('sentence' in decision) {
    throw new Refusal('rule_violated', decision.sentence, { param: decision.field });
  }
  const { anchor, limit, hard, window } = decision.terms;
  return {
    subject: command.subject,
    meter,
    window,
    anchorAt:
      anchor === 'subscription' ? await requireAnchor(transaction, command.organizationId) : null,
    source: { source: 'override', sourceId: overrideId, limit, hard, startsAt: now, endsAt },
  };
}

async function requireAnchor(transaction: Transaction, organizationId: string): Promise<Date> {
  const plan = await findOrganizationPlan(transaction, organizationId);
  if (plan) return plan.anchorAt;
  throw new Refusal('rule_violated', 'Without a plan there is no anchor: write calendar.', {
    param: 'anchor',
  });
}

/** The whole organization where none is named; a member, key or cost center must be its own. */
async function requireSubject(
  transaction: Transaction,
  organizationId: string,
  subject: QuotaSubject | undefined,
): Promise<QuotaSubject> {
  if (subject === undefined) return { kind: 'organization', id: organizationId };
  if (await isOwn(transaction, organizationId, subject)) return subject;
  throw notFound(subjectWords[subject.kind], 'subject.id');
}

const subjectWords = {
  organization: 'organization',
  member: 'member',
  api_key: 'API key',
  cost_center: 'cost center',
};

async function isOwn(
  transaction: Transaction,
  organizationId: string,
  { kind, id }: QuotaSubject,
): Promise<boolean> {
  if (kind === 'organization') return id === organizationId;
  if (kind === 'api_key')
    return (await lockApiKey(transaction, { id, organizationId })) !== undefined;
  if (kind === 'cost_center')
    return (await findCostCenter(transaction, { id, organizationId })) !== undefined;
  return (await findMembership(transaction, { userId: id, organizationId })) !== undefined;
}

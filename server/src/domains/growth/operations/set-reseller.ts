import type { setReseller as endpoint } from '@sluice/contract/commissions';
import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound } from '../../../platform/errors.ts';
import { formatMultiplier, parseMultiplier } from '../../../platform/multiplier.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import {
  findReseller,
  listResellerFigures,
  type Reseller,
  saveReseller,
} from '../commissions-store.ts';
import { presentReseller } from '../core/present-commissions.ts';
import { ensureCode } from './get-invite.ts';

type View = AnswerOf<typeof endpoint>;

/**
 * Makes an organization a reseller, or changes its terms. Commissions keep the terms of their payment's day.
 * @throws Refusal `not_found`.
 */
export async function setReseller(
  context: Context,
  organizationId: string,
  body: BodyOf<typeof endpoint>,
): Promise<View> {
  if (!(await findOrganization(context.database, organizationId))) throw notFound('organization');
  await ensureCode(context, organizationId);
  await inTransaction(context, async (transaction) => {
    const before = await findReseller(transaction, organizationId);
    await save(context, transaction, before, {
      organizationId,
      shareMillionths: Number(parseMultiplier(body.share)),
      months: body.months,
      waitingDays: body.waiting_days,
      status: 'active',
      since: before?.since ?? context.clocks.business(),
    });
  });
  return readReseller(context, organizationId);
}

/**
 * Ends it for payments to come.
 * @throws Refusal `not_found` for who is no reseller.
 */
export async function endReseller(context: Context, organizationId: string): Promise<View> {
  await inTransaction(context, async (transaction) => {
    const before = await findReseller(transaction, organizationId);
    if (!before) throw notFound('reseller');
    if (before.status === 'ended') return;
    await save(context, transaction, before, { ...before, status: 'ended' });
  });
  return readReseller(context, organizationId);
}

async function save(
  context: Context,
  transaction: Transaction,
  before: Reseller | undefined,
  reseller: Reseller,
): Promise<void> {
  await saveReseller(transaction, reseller);
  await recordAudit(context, transaction, {
    organizationId: reseller.organizationId,
    action: reseller.status === 'ended' ? 'reseller.end' : 'reseller.set',
    resource: { kind: 'organization', id: reseller.organizationId },
    ...(before && { oldValues: termsOf(before) }),
    newValues: termsOf(reseller),
  });
}

function termsOf({ shareMillionths, months, waitingDays, status }: Reseller) {
  const share = formatMultiplier(BigInt(shareMillionths));
  return { share, months, waiting_days: waitingDays, status };
}

async function readReseller({ database, config }: Context, organizationId: string): Promise<View> {
  const [figures] = await listResellerFigures(database, { organizationId, limit: 1 });
  invariant(figures, `the reseller ${organizationId} is there`);
  return presentReseller(figures, config.usageCurrency);
}

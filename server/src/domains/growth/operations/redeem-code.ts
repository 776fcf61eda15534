/**
 * Gives credit for a code, or says what a coupon is for. Locks: the code → funds → audit head. What happens when:
 *
 * - a crash at any line: nothing is committed, and the code can be redeemed;
 * - the same code at once, over any processes: the second waits at the code and finds it redeemed;
 * - two codes of one batch by one organization: the second waits at the funds and counts the first;
 * - the batch is made void at that moment: whichever has the code's lock first is heard, and the other finds its work.
 *
 * One that is unknown, used, void or expired costs the same queries and answers the same words.
 */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { redeemCode as endpoint } from '@sluice/contract/redemptions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatNanos } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { offerCoupon } from '../../catalog/index.ts';
import { countRequest, findOrganization } from '../../identity/index.ts';
import { lockFunds, openGrant } from '../../ledger/index.ts';
import { canonicalCode, decideRedemption } from '../core/redemption-code.ts';
import { type Batch, countRedeemedBy, insertRedemption, lockCode } from '../redemptions-store.ts';

type Answer = AnswerOf<typeof endpoint>;

/** Whoever types codes from paper needs a few; one network may have many organizations. */
const triesPerHour = { organization: 60, address: 120 };
const dayMs = 86_400_000;

/** @throws Refusal `code_invalid`, `code_limit_reached`, `organization_suspended`, `too_many_requests`. */
export async function redeemCode(
  context: Context,
  { organizationId, code }: { organizationId: string; code: string },
): Promise<Answer> {
  await limitTries(context, organizationId);
  const hash = sha256(canonicalCode(code));
  return inTransaction(context, async (transaction) => {
    const now = context.clocks.business();
    const found = await lockCode(transaction, hash);
    await lockFunds(transaction, organizationId);
    await requireActive(transaction, organizationId);
    const redeemed = await countRedeemedBy(transaction, {
      ...{ batchId: found?.id ?? '', organizationId },
    });
    const coupon = await offerCoupon(transaction, { code, organizationId, now });
    const decision = decideRedemption(found && { ...found, redeemed, now });
    if (found && decision === 'redeem') {
      return giveCredit(context, transaction, { organizationId, hash, batch: found });
    }
    if (decision === 'limit') throw limitReached();
    if (!coupon) throw invalid();
    const { percent, amount, currency, duration, periods, plans, expires_at } = coupon;
    const takesOff = { percent, amount, currency, duration, periods, plans, expires_at };
    return { type: 'coupon', code: coupon.code, ...takesOff };
  });
}

async function limitTries(context: Context, organizationId: string): Promise<void> {
  const { ip } = context.actor;
  await countRequest(context, {
    ...{ subject: `redemptions:${organizationId}`, perHour: triesPerHour.organization },
  });
  if (ip === null) return;
  await countRequest(context, { subject: `redemptions:${ip}`, perHour: triesPerHour.address });
}

async function requireActive(transaction: Transaction, organizationId: string): Promise<void> {
  const organization = await findOrganization(transaction, organizationId);
  if (organization?.status !== 'suspended') return;
  throw new Refusal(
    'organization_suspended',
    'The organization is suspended: contact support to redeem the code later.',
  );
}

async function giveCredit(
  context: Context,
  transaction: Transaction,
  { organizationId, hash, batch }: { organizationId: string; hash: string; batch: Batch },
): Promise<Answer> {
  const now = context.clocks.business();
  const { id: batchId, amount, currency, priority, creditExpiresInDays: days } = batch;
  const expiresAt = days === null ? null : new Date(now.getTime() + days * dayMs);
  const id = newId('rdm', now);
  const grant = await openGrant(context, transaction, {
    ...{ organizationId, amount: { amount, currency }, priority, expiresAt },
    ...{ reference: id, note: 'Redemption code' },
  });
  await insertRedemption(transaction, {
    ...{ id, hash, batchId, organizationId, grantId: grant.id, redeemedAt: now },
  });
  const given = {
    ...{ grant: grant.id, amount: formatNanos(amount), currency },
    expires_at: expiresAt?.toISOString() ?? null,
  };
  await recordAudit(context, transaction, {
    organizationId,
    action: 'redemption_code.redeem',
    resource: { kind: 'redemption_code_batch', id: batchId },
    newValues: { redemption: id, ...given },
  });
  return { type: 'credit', ...given };
}

const invalid = () =>
  new Refusal(
    'code_invalid',
    'This code cannot be redeemed: check its letters, or ask who gave it to you.',
    { param: 'code' },
  );

const limitReached = () =>
  new Refusal(
    'code_limit_reached',
    'Your organization has redeemed as many codes of this kind as it may: give this one to somebody else.',
    { param: 'code' },
  );

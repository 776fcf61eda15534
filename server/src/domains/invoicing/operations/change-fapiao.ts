import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { dayOf } from '../../../platform/time.ts';
import { recordAudit } from '../../audit/index.ts';
import { type Fapiao, type FapiaoAction, fapiaoTransitions } from '../core/fapiao.ts';
import { findByNumber, lockFapiao, lockFapiaoNumbers, saveFapiao } from '../fapiao-store.ts';

type Changes = Partial<Omit<Fapiao, 'id' | 'organizationId' | 'invoices' | 'status'>>;

/**
 * Takes a fapiao one step on, behind its lock: `change` answers what is different after it, and may do more within the
 * transaction.
 * @throws Refusal `not_found`, `invalid_state`, and what `change` throws.
 */
export async function changeFapiao(
  context: Context,
  { id, action }: { id: string; action: Exclude<FapiaoAction, 'credit'> },
  change: (fapiao: Fapiao, transaction: Transaction) => Promise<Changes>,
): Promise<Fapiao> {
  return inTransaction(context, async (transaction) => {
    const fapiao = await lockFapiao(transaction, id);
    if (!fapiao) throw notFound('fapiao');
    const status = fapiaoTransitions[fapiao.status][action];
    if (status === undefined) {
      throw new Refusal('invalid_state', `This fapiao is ${fapiao.status}: ${hints[action]}`);
    }
    const changed: Fapiao = { ...fapiao, ...(await change(fapiao, transaction)), status };
    await saveFapiao(transaction, changed);
    await recordFapiao(context, transaction, { action: `fapiao.${action}`, old: fapiao, changed });
    return changed;
  });
}

const hints: Record<Exclude<FapiaoAction, 'credit'>, string> = {
  issue: 'one is issued after it was asked for, and corrected until it is sent.',
  send: 'one is sent after it was issued, while it stands.',
  reject: 'one is rejected before it is issued; reverse it after that.',
  reverse: 'one is reversed after it was issued, once.',
};

export async function recordFapiao(
  context: Context,
  transaction: Transaction,
  { action, old, changed }: { action: string; old: Fapiao; changed: Fapiao },
): Promise<void> {
  await recordAudit(context, transaction, {
    organizationId: changed.organizationId,
    action,
    resource: { kind: 'fapiao', id: changed.id },
    oldValues: valuesOf(old),
    newValues: valuesOf(changed),
  });
}

function valuesOf(fapiao: Fapiao) {
  const { status, currency, code, number, file, reason, redCode, redNumber } = fapiao;
  return {
    ...{ status, currency, code, number, reason },
    amount: formatMinor({ minor: fapiao.amountMinor, currency }),
    issued_on: fapiao.issuedOn,
    file_sha256: file?.sha256 ?? null,
    ...(redNumber && { red_code: redCode, red_number: redNumber, reversed_on: fapiao.reversedOn }),
  };
}

/**
 * Refuses a number that any fapiao or reversal bears; `ownId`'s may be written anew.
 * @throws Refusal `already_exists`.
 */
export async function requireFreeNumber(
  transaction: Transaction,
  { code, number, ownId }: { code: string | null; number: string; ownId?: string },
): Promise<void> {
  await lockFapiaoNumbers(transaction);
  const taken = await findByNumber(transaction, { code, number });
  if (taken.every((id) => id === ownId)) return;
  throw new Refusal('already_exists', 'Another fapiao has this number: check what was typed.', {
    param: 'number',
  });
}

/** @throws Refusal `rule_violated` for a day that has not come, in the deployment's zone. */
export function requirePast(context: Context, day: string, param: string): void {
  if (day <= dayOf(context.clocks.business(), context.config.timeZone)) return;
  throw new Refusal('rule_violated', 'Write a day that is not in the future.', { param });
}

import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound } from '../../../platform/errors.ts';
import { formatNanos, parseAmount } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { costMeterId, findMetersById } from '../../catalog/index.ts';
import { findCostCenter, findMembership } from '../../identity/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import { findCaps, type QuotaSubject } from '../quotas-store.ts';
import { changeQuotas, type QuotaGrant } from './change-quotas.ts';
import { capWindows } from './set-spend-caps.ts';

type Span = keyof typeof capWindows;
const spans = Object.keys(capWindows) as Span[];

/** In the usage currency as decimal text; null takes a cap away, what is left out stays. */
export type CapChanges = { [S in Span]?: string | null | undefined };

/**
 * Caps what a member may spend with all their keys, or what may be booked under a cost center: a quota on its cost, which
 * every call is decided by, and which no plan or override lifts.
 * @throws Refusal `not_found` for a subject of another organization; `amount_out_of_range`.
 */
export async function capSubject(
  context: Context,
  command: {
    organizationId: string;
    subject: QuotaSubject & { kind: 'member' | 'cost_center' };
    caps: CapChanges;
  },
): Promise<void> {
  const { organizationId, subject, caps } = command;
  await inTransaction(context, async (transaction) => {
    await requireSubject(transaction, organizationId, subject);
    // Of two changes at once the second finds what the first has set.
    await lockFunds(transaction, organizationId);
    const before = await findCaps(transaction, command);
    const after = new Map(before);
    for (const span of spans) {
      const text = caps[span];
      if (text === null) after.delete(capWindows[span]);
      else if (text !== undefined) after.set(capWindows[span], parseAmount(text, span));
    }
    await changeQuotas(context, transaction, {
      organizationId,
      remove: { source: 'cap', sourceId: subject.id },
      add: await grantsOf(context, transaction, subject, after),
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'spend_caps.set',
      resource: { kind: subject.kind === 'member' ? 'user' : 'cost_center', id: subject.id },
      oldValues: auditValues(before),
      newValues: auditValues(after),
    });
  });
}

type Caps = Awaited<ReturnType<typeof findCaps>>;

async function grantsOf(
  context: Context,
  transaction: Transaction,
  subject: QuotaSubject,
  caps: Caps,
): Promise<QuotaGrant[]> {
  const meter = (await findMetersById(transaction, [costMeterId])).get(costMeterId);
  invariant(meter, 'the deployment counts cost');
  const startsAt = context.clocks.business();
  return [...caps].map(([window, limit]) => ({
    ...{ subject, meter, window, anchorAt: null },
    source: { source: 'cap', sourceId: subject.id, limit, hard: true, startsAt, endsAt: null },
  }));
}

async function requireSubject(
  transaction: Transaction,
  organizationId: string,
  { kind, id }: QuotaSubject,
): Promise<void> {
  const found =
    kind === 'member'
      ? await findMembership(transaction, { userId: id, organizationId })
      : await findCostCenter(transaction, { id, organizationId });
  if (!found) throw notFound(kind === 'member' ? 'member' : 'cost center', 'subject.id');
}

function auditValues(caps: Caps) {
  const textOf = (span: Span) => {
    const cap = caps.get(capWindows[span]);
    return cap === undefined ? null : formatNanos(cap);
  };
  return { day: textOf('day'), month: textOf('month'), total: textOf('total') };
}

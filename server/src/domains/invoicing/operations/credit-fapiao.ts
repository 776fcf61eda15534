import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { type Fapiao, fapiaoAmountOf, fapiaoTransitions } from '../core/fapiao.ts';
import type { Invoice } from '../core/invoice.ts';
import { findStandingOf } from '../fapiao-candidates-store.ts';
import { lockFapiao, saveFapiao, saveFapiaoAmounts } from '../fapiao-store.ts';
import { recordFapiao } from './change-fapiao.ts';
import { loadCandidates } from './load-candidates.ts';

/**
 * What a credit note does to the fapiao that its invoice is on. One that is only asked for comes to less, and is
 * rejected where nothing is left; one that was issued says too much now and has to be reversed. The invoice is locked,
 * as it is credited now.
 */
export async function creditFapiao(
  context: Context,
  transaction: Transaction,
  { invoice, reason }: { invoice: Invoice; reason: string },
): Promise<void> {
  const id = (await findStandingOf(transaction, [invoice.id])).get(invoice.id);
  if (id === undefined) return;
  const fapiao = await lockFapiao(transaction, id);
  invariant(fapiao, `fapiao ${id} is there`);
  const status = fapiaoTransitions[fapiao.status].credit;
  // It was rejected or reversed while this waited for its lock; or it has to be reversed already.
  if (status === undefined || fapiao.status === 'to_be_reversed') return;
  const changed =
    status === 'requested'
      ? await lessen(context, transaction, { fapiao, invoice, reason })
      : { ...fapiao, status, reason: fapiao.reason ?? reason };
  await saveFapiao(transaction, changed);
  await recordFapiao(context, transaction, { action: 'fapiao.credit', old: fapiao, changed });
}

async function lessen(
  context: Context,
  transaction: Transaction,
  { fapiao, invoice, reason }: { fapiao: Fapiao; invoice: Invoice; reason: string },
): Promise<Fapiao> {
  const [candidate] = await loadCandidates(transaction, [invoice]);
  invariant(candidate, 'one invoice is one candidate');
  const invoices = fapiao.invoices.map((listed) =>
    listed.id === invoice.id ? { ...listed, amountMinor: fapiaoAmountOf(candidate) } : listed,
  );
  const amountMinor = invoices.reduce((total, listed) => total + listed.amountMinor, 0n);
  if (amountMinor === 0n) {
    return { ...fapiao, status: 'rejected', reason, closedAt: context.clocks.business() };
  }
  await saveFapiaoAmounts(transaction, { id: fapiao.id, amountMinor, invoices });
  return { ...fapiao, amountMinor, invoices };
}

import type { Executor } from '../../../platform/database/pool.ts';
import { findPayingProviders } from '../../payments/index.ts';
import type { FapiaoCandidate } from '../core/fapiao.ts';
import type { Invoice } from '../core/invoice.ts';
import { findCreditOrigins, findStandingOf } from '../fapiao-candidates-store.ts';

/** Invoices with what a fapiao must know of the money behind them. */
export async function loadCandidates(
  executor: Executor,
  invoices: readonly Invoice[],
): Promise<FapiaoCandidate[]> {
  const ids = invoices.map(({ id }) => id);
  const origins = await findCreditOrigins(executor, ids);
  const payers = await findPayingProviders(executor, [
    ...ids,
    ...origins.map(({ originId }) => originId),
  ]);
  const standing = await findStandingOf(executor, ids);
  const isOutside = (id: string) => ![undefined, 'wallet'].includes(payers.get(id));
  return invoices.map((invoice) => ({
    invoice,
    isPaidFromWallet: payers.get(invoice.id) === 'wallet',
    outsideCreditMinor: origins
      .filter(({ invoiceId }) => invoiceId === invoice.id)
      .filter(({ originId, originCreditAppliedMinor }) => {
        return originCreditAppliedMinor === 0n && isOutside(originId);
      })
      .reduce((total, { minor }) => total + minor, 0n),
    fapiaoId: standing.get(invoice.id) ?? null,
  }));
}

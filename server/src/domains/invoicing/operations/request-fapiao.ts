import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { readSetting } from '../../settings/index.ts';
import {
  type Fapiao,
  type FapiaoBlock,
  type FapiaoCandidate,
  type FapiaoTitle,
  fapiaoAmountOf,
  fapiaoBlockOf,
  type Vat,
} from '../core/fapiao.ts';
import { type Invoice, labelOf } from '../core/invoice.ts';
import { insertFapiao, saveLastTitle } from '../fapiao-store.ts';
import { lockInvoice } from '../store.ts';
import { loadCandidates } from './load-candidates.ts';

export interface RequestFapiaoCommand {
  organizationId: string;
  invoiceIds: readonly string[];
  vat: Vat;
  title: FapiaoTitle;
}

/**
 * Asks for one fapiao for paid invoices and remembers its title. The invoices stay locked until the commit, so that no
 * credit note changes what it comes to, and nobody else asks for them.
 * @throws Refusal `not_found`, `invalid_state`, `currency_unsupported`, `rule_violated`.
 */
export async function requestFapiao(
  context: Context,
  command: RequestFapiaoCommand,
): Promise<Fapiao> {
  return inTransaction(context, async (transaction) => {
    const invoices = await lockNamed(transaction, command);
    const candidates = await loadCandidates(transaction, invoices);
    const currencies = await readSetting(transaction, 'fapiao_currencies');
    for (const candidate of candidates) refuseBlocked(candidate, currencies);
    const fapiao = newFapiao(context, command, candidates);
    if (!(await insertFapiao(transaction, fapiao))) throw alreadyAsked('One of the invoices');
    const { organizationId, vat, title } = command;
    const at = fapiao.requestedAt;
    await saveLastTitle(transaction, { organizationId, vat, title, at });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'fapiao.request',
      resource: { kind: 'fapiao', id: fapiao.id },
      newValues: {
        status: fapiao.status,
        amount: formatMinor({ minor: fapiao.amountMinor, currency: fapiao.currency }),
        currency: fapiao.currency,
        invoices: fapiao.invoices.map(({ id }) => id),
        title: title.name,
        vat,
      },
    });
    return fapiao;
  });
}

/** Each once, in the order of their ids: two requests for the same invoices wait for each other. */
async function lockNamed(
  transaction: Transaction,
  { organizationId, invoiceIds }: RequestFapiaoCommand,
): Promise<Invoice[]> {
  const invoices: Invoice[] = [];
  for (const id of [...new Set(invoiceIds)].sort()) {
    const invoice = await lockInvoice(transaction, id);
    if (invoice?.organizationId !== organizationId || invoice.status === 'draft') {
      throw notFound('invoice', 'invoices');
    }
    invoices.push(invoice);
  }
  const currencies = new Set(invoices.map(({ total }) => total.currency));
  if (currencies.size > 1) {
    throw new Refusal('rule_violated', 'Ask for one fapiao for each currency.', {
      param: 'invoices',
    });
  }
  return invoices;
}

function refuseBlocked(candidate: FapiaoCandidate, currencies: readonly string[]): void {
  const block = fapiaoBlockOf(candidate, currencies);
  if (block === null) return;
  throw refusalOf(block, `Invoice ${labelOf(candidate.invoice)}`, currencies);
}

function refusalOf(block: FapiaoBlock, named: string, currencies: readonly string[]): Refusal {
  const param = 'invoices';
  switch (block) {
    case 'not_paid':
      return new Refusal('invalid_state', `${named} is not paid: pay it first.`, { param });
    case 'currency':
      return new Refusal(
        'currency_unsupported',
        `${named} takes no fapiao: there is one for ${currencies.join(', ') || 'no currency'} only.`,
        { param },
      );
    case 'on_fapiao':
      return alreadyAsked(named);
    case 'from_wallet':
      return new Refusal(
        'rule_violated',
        `${named} was paid from the wallet: ask for a fapiao for the top-up instead.`,
        { param },
      );
    case 'nothing_left':
      return new Refusal('rule_violated', `${named} has nothing left that was paid.`, { param });
  }
}

function alreadyAsked(named: string): Refusal {
  return new Refusal('invalid_state', `${named} is on another fapiao already.`, {
    param: 'invoices',
  });
}

function newFapiao(
  context: Context,
  { organizationId, vat, title }: RequestFapiaoCommand,
  candidates: readonly FapiaoCandidate[],
): Fapiao {
  const requestedAt = context.clocks.business();
  const invoices = candidates.map((candidate) => ({
    id: candidate.invoice.id,
    number: candidate.invoice.number,
    amountMinor: fapiaoAmountOf(candidate),
  }));
  return {
    id: newId('fap', requestedAt),
    ...{ organizationId, vat, title, invoices, requestedAt },
    status: 'requested',
    currency: candidates[0]?.invoice.total.currency ?? '',
    amountMinor: invoices.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    ...{ code: null, number: null, issuedOn: null, file: null, reason: null },
    ...{ redCode: null, redNumber: null, reversedOn: null },
    ...{ issuedAt: null, sentAt: null, closedAt: null },
  };
}

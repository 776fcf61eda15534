import { createHash } from 'node:crypto';
import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/fapiao';
import type { Context } from '../../../platform/context.ts';
import { invariant, notFound } from '../../../platform/errors.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { formatMinor } from '../../../platform/money.ts';
import { readSetting } from '../../settings/index.ts';
import {
  type Fapiao,
  type FapiaoCandidate,
  fapiaoAmountOf,
  fapiaoBlockOf,
} from '../core/fapiao.ts';
import { contentTypes, fapiaoFileName } from '../core/fapiao-words.ts';
import { presentFapiao, presentOrganizationFapiao } from '../core/present-fapiao.ts';
import { findFapiao, findFile, listFapiaoRows } from '../fapiao-store.ts';
import { listInvoiceRows } from '../store.ts';
import { loadCandidates } from './load-candidates.ts';

type FapiaoView = AnswerOf<typeof endpoints.getFapiao>;
type OrganizationFapiaoView = AnswerOf<typeof endpoints.inspectFapiao>;
type InvoicePage = AnswerOf<typeof endpoints.listFapiaoInvoices>;

export async function listFapiao(
  context: Context,
  { organizationId, ...query }: QueryOf<typeof endpoints.listFapiao> & { organizationId: string },
): Promise<Page<FapiaoView>> {
  const rows = await listFapiaoRows(context.database, {
    organizationId,
    invoiceId: query.invoice,
    after: readCursor(query),
    limit: query.limit + 1,
  });
  return pageOf(rows, query, ({ id }) => id, presentFapiao);
}

export async function searchFapiao(
  context: Context,
  query: QueryOf<typeof endpoints.searchFapiao>,
): Promise<Page<OrganizationFapiaoView>> {
  const rows = await listFapiaoRows(context.database, {
    organizationId: query.organization,
    status: query.status,
    number: query.q,
    isWaiting: query.waiting !== undefined,
    after: readCursor(query),
    limit: query.limit + 1,
  });
  return pageOf(rows, query, ({ id }) => id, presentOrganizationFapiao);
}

/**
 * A fapiao of one organization; any, where none is named.
 * @throws Refusal `not_found`, also for another organization's.
 */
export async function requireFapiao(
  context: Context,
  { organizationId, id }: { organizationId?: string; id: string },
): Promise<Fapiao> {
  const fapiao = await findFapiao(context.database, id);
  const isSeen = organizationId === undefined || fapiao?.organizationId === organizationId;
  if (!fapiao || !isSeen) throw notFound('fapiao');
  return fapiao;
}

/**
 * The file as it was uploaded, proven by its checksum.
 * @throws Refusal `not_found`, also for one that has no file.
 */
export async function readFapiaoFile(
  context: Context,
  named: { organizationId?: string; id: string },
): Promise<{ name: string; bytes: Buffer; contentType: string }> {
  const fapiao = await requireFapiao(context, named);
  const file = await findFile(context.database, fapiao.id);
  if (!file) throw notFound('file');
  const sha256 = createHash('sha256').update(file.content).digest('hex');
  invariant(sha256 === file.sha256, `the file of fapiao ${fapiao.id} is as it was uploaded`);
  return {
    name: fapiaoFileName(fapiao, file.format),
    bytes: file.content,
    contentType: contentTypes[file.format],
  };
}

/** Paid invoices of an organization, each with what a fapiao for it comes to, or why there is none. */
export async function listFapiaoInvoices(
  context: Context,
  {
    organizationId,
    ...query
  }: QueryOf<typeof endpoints.listFapiaoInvoices> & { organizationId: string },
): Promise<InvoicePage> {
  const { database } = context;
  const invoices = await listInvoiceRows(database, {
    organizationId,
    status: 'paid',
    q: query.invoice,
    before: readCursor(query),
    limit: query.limit + 1,
  });
  const currencies = await readSetting(database, 'fapiao_currencies');
  const candidates = await loadCandidates(database, invoices);
  return pageOf(
    candidates,
    query,
    ({ invoice }) => invoice.id,
    (candidate) => presentCandidate(candidate, currencies),
  );
}

function presentCandidate(
  candidate: FapiaoCandidate,
  currencies: readonly string[],
): InvoicePage['data'][number] {
  const { invoice, fapiaoId } = candidate;
  const { currency } = invoice.total;
  return {
    id: invoice.id,
    number: invoice.number,
    kind: invoice.kind,
    paid_at: invoice.paidAt?.toISOString() ?? null,
    currency,
    total: formatMinor(invoice.total),
    amount: formatMinor({ minor: fapiaoAmountOf(candidate), currency }),
    block: fapiaoBlockOf(candidate, currencies),
    fapiao: fapiaoId,
  };
}

/** SQL of tax rates and of what customers say of themselves for their invoices. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { TaxRate } from './core/tax.ts';

export interface BillingDetails {
  organizationId: string;
  legalName: string | null;
  taxId: string | null;
  country: string | null;
  address: readonly string[];
  invoiceEmail: string | null;
  locale: 'en' | 'zh-CN' | null;
  paymentTermsDays: number;
  isTaxExempt: boolean;
  /** Whether what is written by hand may wait for the subscription's next invoice. */
  isConsolidated: boolean;
}

interface RateRow {
  id: string;
  country: string;
  name: string;
  rate: string;
  is_inclusive: boolean;
  valid_from: Date;
}

interface DetailsRow {
  organization_id: string;
  legal_name: string | null;
  tax_id: string | null;
  country: string | null;
  address: string[];
  invoice_email: string | null;
  locale: 'en' | 'zh-CN' | null;
  payment_terms_days: number;
  is_tax_exempt: boolean;
  is_consolidated: boolean;
  updated_at: Date;
}

type Readable = { invoicing_tax_rates: RateRow; invoicing_billing_details: DetailsRow };
type Writable = { invoicing_billing_details: Omit<DetailsRow, 'address'> & { address: string } };

const rateColumns = ['id', 'country', 'name', 'rate', 'is_inclusive', 'valid_from'] as const;
const detailsColumns = [
  'organization_id',
  'legal_name',
  'tax_id',
  'country',
  'address',
  'invoice_email',
  'locale',
  'payment_terms_days',
  'is_tax_exempt',
  'is_consolidated',
] as const;

const tables = (executor: Executor) => executor.withTables<Readable>();

/** Rates of a country, whenever they are in force; few, for each is a law. */
export async function findTaxRatesOf(executor: Executor, country: string): Promise<TaxRate[]> {
  const rows = await tables(executor)
    .selectFrom('invoicing_tax_rates')
    .select(rateColumns)
    .where('country', '=', country)
    .orderBy('valid_from', 'desc')
    .limit(100)
    .execute();
  return rows.map(toTaxRate);
}

export async function lockTaxRate(executor: Executor, id: string): Promise<TaxRate | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_tax_rates')
    .select(rateColumns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toTaxRate(row);
}

export async function listTaxRateRows(
  executor: Executor,
  filter: { before?: string | undefined; limit: number },
): Promise<TaxRate[]> {
  let query = tables(executor)
    .selectFrom('invoicing_tax_rates')
    .select(rateColumns)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return (await query.execute()).map(toTaxRate);
}

/** Answers false where the country has another rate from that instant. */
export async function insertTaxRate(executor: Executor, rate: TaxRate): Promise<boolean> {
  const inserted = await tables(executor)
    .insertInto('invoicing_tax_rates')
    .values(toRateRow(rate))
    .onConflict((conflict) => conflict.columns(['country', 'valid_from']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function findRateBeginning(
  executor: Executor,
  { country, validFrom }: Pick<TaxRate, 'country' | 'validFrom'>,
): Promise<string | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_tax_rates')
    .select('id')
    .where('country', '=', country)
    .where('valid_from', '=', validFrom)
    .executeTakeFirst();
  return row?.id;
}

export async function saveTaxRate(executor: Executor, rate: TaxRate): Promise<void> {
  await tables(executor)
    .updateTable('invoicing_tax_rates')
    .set(toRateRow(rate))
    .where('id', '=', rate.id)
    .execute();
}

export const findBillingDetails = gathered(async (executor, organizationIds: readonly string[]) => {
  const rows = await tables(executor)
    .selectFrom('invoicing_billing_details')
    .select(detailsColumns)
    .where('organization_id', '=', sql<string>`any(${[...organizationIds]}::text[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.organization_id, toDetails(row)]));
  return organizationIds.map((id) => found.get(id));
});

export async function saveBillingDetails(
  executor: Executor,
  details: BillingDetails,
  at: Date,
): Promise<void> {
  const { organizationId, ...values } = details;
  const row = {
    legal_name: values.legalName,
    tax_id: values.taxId,
    country: values.country,
    address: JSON.stringify(values.address),
    invoice_email: values.invoiceEmail,
    locale: values.locale,
    payment_terms_days: values.paymentTermsDays,
    is_tax_exempt: values.isTaxExempt,
    is_consolidated: values.isConsolidated,
    updated_at: at,
  };
  await executor
    .withTables<Writable>()
    .insertInto('invoicing_billing_details')
    .values({ organization_id: organizationId, ...row })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(row))
    .execute();
}

function toTaxRate(row: RateRow): TaxRate {
  const { id, country, name, rate } = row;
  return { id, country, name, rate, isInclusive: row.is_inclusive, validFrom: row.valid_from };
}

function toRateRow({ id, country, name, rate, isInclusive, validFrom }: TaxRate): RateRow {
  return { id, country, name, rate, is_inclusive: isInclusive, valid_from: validFrom };
}

function toDetails(row: Omit<DetailsRow, 'updated_at'>): BillingDetails {
  return {
    organizationId: row.organization_id,
    legalName: row.legal_name,
    taxId: row.tax_id,
    country: row.country,
    address: row.address,
    invoiceEmail: row.invoice_email,
    locale: row.locale,
    paymentTermsDays: row.payment_terms_days,
    isTaxExempt: row.is_tax_exempt,
    isConsolidated: row.is_consolidated,
  };
}

/** SQL of the links by which invoices are paid. */
import type { Executor } from '../../platform/database/pool.ts';

type PayLinkTables = {
  invoicing_pay_links: { link: string; invoice_id: string; created_at: Date };
};

const tables = (executor: Executor) => executor.withTables<PayLinkTables>();

/**
 * Keeps a link, unless the invoice has one; answers the one that it has.
 * @scope row: of an invoice that was found in scope.
 */
export async function ensurePayLink(
  executor: Executor,
  row: { link: string; invoice_id: string; created_at: Date },
): Promise<string> {
  await tables(executor)
    .insertInto('invoicing_pay_links')
    .values(row)
    .onConflict((conflict) => conflict.column('invoice_id').doNothing())
    .execute();
  const { link } = await tables(executor)
    .selectFrom('invoicing_pay_links')
    .select('link')
    .where('invoice_id', '=', row.invoice_id)
    .executeTakeFirstOrThrow();
  return link;
}

/** @scope secret: whoever has the link may pay. */
export async function findLinkedInvoice(
  executor: Executor,
  link: string,
): Promise<string | undefined> {
  const row = await tables(executor)
    .selectFrom('invoicing_pay_links')
    .select('invoice_id')
    .where('link', '=', link)
    .executeTakeFirst();
  return row?.invoice_id;
}

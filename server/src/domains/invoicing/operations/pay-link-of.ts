import type { Context } from '../../../platform/context.ts';
import { newToken } from '../../../platform/crypto.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { ensurePayLink } from '../pay-links-store.ts';

/** A link that no invoice has yet, for a page that must be named before there is one. */
export function newPayLink(context: Context): { link: string; url: string } {
  const link = newToken('il_');
  return { link, url: pageOfLink(context, link) };
}

/** The link of an invoice, and the page that it leads to; `made` becomes its link where it has none. */
export async function payLinkOf(
  context: Context,
  executor: Executor,
  { invoiceId, made = newPayLink(context) }: { invoiceId: string; made?: { link: string } },
): Promise<{ link: string; url: string }> {
  const link = await ensurePayLink(executor, {
    link: made.link,
    invoice_id: invoiceId,
    created_at: context.clocks.business(),
  });
  return { link, url: pageOfLink(context, link) };
}

/** Where whoever has the link pays. */
export function pageOfLink({ config }: Context, link: string): string {
  return `${config.publicUrl}/pay/${link}`;
}

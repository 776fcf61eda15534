import { redirect } from '@tanstack/react-router';
import { paths } from '../../paths.ts';

/** Mails lead to the billing page with the invoice that is due: that one is opened. */
export function openInvoice({ search }: { search: { invoice?: string } }): void {
  if (search.invoice) throw redirect({ to: paths.invoice, params: { id: search.invoice } });
}

import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { dayOf } from '../../../platform/time.ts';
import { queueMail } from '../../delivery/index.ts';
import { recipientsOf } from '../../identity/index.ts';
import { requireCustomer } from '../../invoicing/index.ts';
import type { Quote } from '../core/quote.ts';
import { quoteMail } from '../core/quote-mail.ts';
import { saveQuote } from '../quotes-store.ts';
import { holdQuote, recordQuote } from './hold-quote.ts';

/**
 * Sends a draft: from now on its customer sees it, and everyone there who may accept it gets a link by mail.
 * @throws Refusal `not_found`, `invalid_state`.
 */
export async function sendQuote(context: Context, id: string): Promise<Quote> {
  return inTransaction(context, async (transaction) => {
    const before = await holdQuote(context, transaction, { id, event: 'send' });
    const after: Quote = { ...before, status: 'sent', sentAt: context.clocks.business() };
    await saveQuote(transaction, after);
    await mailQuote(context, transaction, after);
    await recordQuote(context, transaction, { action: 'send', before, after });
    return after;
  });
}

async function mailQuote(
  context: Context,
  transaction: Transaction,
  { id, organizationId, terms, validUntil }: Quote,
): Promise<void> {
  const { timeZone } = await requireCustomer(transaction, organizationId);
  const params = { plan: terms.name, until: dayOf(validUntil, timeZone) };
  const link = `${context.config.publicUrl}/billing/quotes/${id}`;
  const asking = { config: context.config, database: transaction };
  for (const { email, locale } of await recipientsOf(asking, organizationId, 'quote.sent')) {
    await queueMail(context, transaction, { to: email, ...quoteMail(locale, { link, params }) });
  }
  await announceHappening(context, transaction, 'quote.sent', {
    organizationId,
    data: { quote: id, plan: terms.name },
  });
}

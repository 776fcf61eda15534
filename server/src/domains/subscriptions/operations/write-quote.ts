import type { BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/quotes';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { requireCustomer } from '../../invoicing/index.ts';
import type { Quote } from '../core/quote.ts';
import { findQuote, insertQuote, saveQuote } from '../quotes-store.ts';
import { holdQuote, recordQuote } from './hold-quote.ts';
import { lookAtTerms } from './quote-plan.ts';

type Command = BodyOf<typeof endpoints.createQuote>;
type Changes = BodyOf<typeof endpoints.updateQuote>;

/**
 * Writes a quote as a draft, its terms checked as acceptance will check them.
 * @throws Refusal `not_found` for the organization; `rule_violated`, `meter_unknown`, `amount_out_of_range`,
 *   `currency_unsupported`.
 */
export async function createQuote(context: Context, command: Command): Promise<Quote> {
  const { organization: organizationId, ...written } = command;
  const now = context.clocks.business();
  await requireCustomer(context.database, organizationId);
  const id = newId('qte', now);
  const quote: Quote = {
    ...{ id, organizationId, status: 'draft' as const },
    ...(await termsOf(context, { id, organizationId }, written)),
    ...{ declineReason: null, subscriptionId: null, committedUntil: null },
    ...{ createdAt: now, sentAt: null, closedAt: null },
  };
  await inTransaction(context, async (transaction) => {
    await insertQuote(transaction, quote);
    await recordQuote(context, transaction, { action: 'create', after: quote });
  });
  return quote;
}

/**
 * Changes a draft; fields that are left out stay.
 * @throws Refusal `not_found`, `invalid_state`, and as `createQuote` does.
 */
export async function updateQuote(context: Context, id: string, changes: Changes): Promise<Quote> {
  const found = await findQuote(context.database, id);
  const terms = found && (await termsOf(context, found, merged(found, changes)));
  return inTransaction(context, async (transaction) => {
    const before = await holdQuote(context, transaction, { id, event: 'edit' });
    // Somebody else wrote in between: what was checked is not what would be kept.
    if (JSON.stringify(before) !== JSON.stringify(found)) {
      throw new Refusal('conflict', 'The quote was just changed: read it again.');
    }
    const after = { ...before, ...terms };
    await saveQuote(transaction, after);
    await recordQuote(context, transaction, { action: 'update', before, after });
    return after;
  });
}

function merged(quote: Quote, changes: Changes): Omit<Command, 'organization'> {
  const { name, price, valid_until: validUntil, term_cycles: cycles, ...others } = changes;
  return {
    ...quote.terms,
    ...others,
    name: name ?? quote.terms.name,
    price: price ?? quote.terms.price,
    term_cycles: cycles === undefined ? quote.termCycles : cycles,
    valid_until: validUntil ?? quote.validUntil.toISOString(),
  };
}

async function termsOf(
  context: Context,
  of: { id: string; organizationId: string },
  written: Omit<Command, 'organization'>,
): Promise<Pick<Quote, 'terms' | 'shown' | 'termCycles' | 'validUntil'>> {
  const { term_cycles: cycles = null, valid_until: validUntil, ...terms } = written;
  if (cycles !== null && terms.price.interval === 'once') {
    throw new Refusal('rule_violated', 'What is paid once has no cycles: leave the term out.', {
      param: 'term_cycles',
    });
  }
  if (new Date(validUntil) <= context.clocks.business()) {
    throw new Refusal('rule_violated', 'Let it be valid until a later day.', {
      param: 'valid_until',
    });
  }
  const shown = await lookAtTerms(context, { ...of, terms });
  return { terms, shown, termCycles: cycles, validUntil: new Date(validUntil) };
}

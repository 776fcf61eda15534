/**
 * One event for everything that is worth telling a customer. A domain announces it beside its own events, in the same
 * transaction, with a name and a payload of the contract; whoever tells customers (notices, webhooks) hears this one.
 */
import type { HappeningData, HappeningName } from '@sluice/contract/happenings';
import type { Context } from './context.ts';
import type { Transaction } from './database/pool.ts';
import { defineEvent } from './events.ts';
import { newId } from './ids.ts';

export interface Happening<N extends HappeningName = HappeningName> {
  /** The same however often it is told: what is told under it is told once. */
  id: string;
  name: N;
  organizationId: string;
  /** Whom alone it is about; null: it is the organization's. */
  userId: string | null;
  /** Business time. */
  occurredAt: string;
  data: HappeningData<N>;
}

export const happened = defineEvent<Happening>('customer.happened');

export interface Happened<N extends HappeningName> {
  organizationId: string;
  userId?: string;
  data: HappeningData<N>;
  /** Where whoever announces may do so twice: the id that both have. */
  id?: string;
}

/** Announces what happened to a customer, with the transaction that makes it true. */
export async function announceHappening<N extends HappeningName>(
  context: Context,
  transaction: Transaction,
  name: N,
  { organizationId, userId, data, id }: Happened<N>,
): Promise<void> {
  const at = context.clocks.business();
  await context.events.announce(context, transaction, happened, {
    id: id ?? newId('hap', at),
    ...{ name, organizationId, userId: userId ?? null, occurredAt: at.toISOString(), data },
  } as Happening);
}

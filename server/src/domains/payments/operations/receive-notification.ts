/**
 * A provider tells us something: stored as it came, then understood, then acted on, and acknowledged after the commit.
 * Whatever goes wrong on the way is answered with a refusal, so that the provider tells us again.
 */
import { createHash } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { scrubHeaders } from '../core/scrub.ts';
import { type CollectedMoney, isSameMoney } from '../core/settlement.ts';
import { type InboxOutcome, saveInboxOutcome, storeNotification } from '../inbox-store.ts';
import type { Connection, Notification, ProviderAnswer } from '../provider.ts';
import { findAttemptByNumber } from '../store.ts';
import { loadProvider } from './load-provider.ts';
import { askedOf } from './query-attempt.ts';
import { settleAttempt } from './settle-attempt.ts';

/** Nothing more is to be done about it, however often it comes. */
const done: ReadonlySet<InboxOutcome> = new Set(['settled', 'repeated', 'parked', 'ignored']);

/** @throws Refusal `not_found` for a name that is no provider's. */
export async function receiveNotification(
  anyone: Context,
  command: { provider: string; notification: Notification },
): Promise<ProviderAnswer> {
  const { provider, notification } = command;
  const loaded = await loadProvider(anyone, anyone.database, provider);
  if (!loaded?.provider.capabilities.notifies) throw notFound('payment provider', 'provider');
  const context: Context = {
    ...anyone,
    actor: { ...anyone.actor, kind: 'provider', id: provider },
  };
  const { acknowledge, refuse } = loaded.online.answers;

  const stored = await store(context, provider, notification);
  if (done.has(stored.outcome)) return acknowledge;
  if (!loaded.connection) {
    warn(context, stored.id, { provider, reason: 'the provider is not set up' });
    return { ...refuse, status: 404 };
  }
  const understood = await understand(context, loaded.connection, { provider, notification });
  await saveInboxOutcome(context.database, stored.id, understood.outcome);
  if (done.has(understood.outcome)) return acknowledge;
  warn(context, stored.id, { provider, reason: understood.reason });
  return refuse;
}

interface Understood {
  outcome: Exclude<InboxOutcome, 'received'>;
  reason: string;
}

async function understand(
  context: Context,
  connection: Connection,
  { provider, notification }: { provider: string; notification: Notification },
): Promise<Understood> {
  const verification = await connection.verify(notification);
  if (!verification.verified) return { outcome: 'refused', reason: verification.reason };
  const meaning = connection.translate(verification.claims);
  if (meaning.kind === 'nothing') return { outcome: 'ignored', reason: '' };
  if (meaning.kind === 'implausible') return { outcome: 'refused', reason: meaning.reason };
  if (meaning.kind !== 'collected') return { outcome: 'ignored', reason: '' };

  const claimed = meaning.money;
  if (await isSettledWith(context, provider, claimed)) return { outcome: 'repeated', reason: '' };
  const money = connection.confirmByQuery ? await confirm(context, connection, claimed) : claimed;
  if (!money) {
    return { outcome: 'unconfirmed', reason: 'the provider does not confirm it when asked' };
  }
  const outcome = await settleAttempt(context, { ...money, provider, source: 'notification' });
  return outcome === 'contradictory'
    ? { outcome: 'unconfirmed', reason: 'its transaction paid another order' }
    : { outcome, reason: '' };
}

/** Saves the query to the provider for what comes again in other bytes. */
async function isSettledWith(
  context: Context,
  provider: string,
  claimed: CollectedMoney,
): Promise<boolean> {
  const attempt = await findAttemptByNumber(context.database, claimed.number);
  return (
    attempt?.provider === provider && attempt.providerTransaction === claimed.providerTransaction
  );
}

/** A signature proves that the key was used, not that money was paid: the provider has to say it when asked. */
async function confirm(
  context: Context,
  connection: Connection,
  claimed: CollectedMoney,
): Promise<CollectedMoney | undefined> {
  const attempt = await findAttemptByNumber(context.database, claimed.number);
  const asked = attempt
    ? askedOf(attempt)
    : { number: claimed.number, reference: null, charged: claimed.amount, mayCapture: false };
  const found = await connection.find(asked);
  if (found.status !== 'succeeded') return undefined;
  return isSameMoney(found.money.amount, claimed.amount) ? found.money : undefined;
}

async function store(
  context: Context,
  provider: string,
  { method, query, headers, body }: Notification,
): Promise<{ id: string; outcome: InboxOutcome }> {
  const receivedAt = context.clocks.wall();
  const digest = createHash('sha256').update(`${method}\n${query}\n`).update(body).digest('hex');
  return storeNotification(context.database, {
    id: newId('ntf', receivedAt),
    provider,
    digest,
    method,
    query,
    headers: scrubHeaders(headers),
    body,
    receivedAt,
  });
}

function warn(
  context: Context,
  notification: string,
  about: { provider: string; reason: string },
): void {
  context.log.warn({ notification, ...about }, 'a notification of a payment provider was refused');
}

/**
 * A provider tells us something: stored as it came, then understood, then acted on, and acknowledged after the commit.
 * Whatever goes wrong on the way is answered with a refusal, so that the provider tells us again, and is tried again
 * here as well. Providers wait some seconds for an answer: what takes longer goes on without them.
 */
import { createHash } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { isDone, nextTryAt, senderOf } from '../core/inbox.ts';
import { scrubHeaders } from '../core/scrub.ts';
import { storeNotification } from '../inbox-store.ts';
import type { Notification, ProviderAnswer } from '../provider.ts';
import { handleNotification, keepRefused } from './handle-notification.ts';
import { loadProvider } from './load-provider.ts';
import { withinTime } from './within-time.ts';

/** WeChat Pay gives up after five seconds; storing and answering want some of them. */
const answerWithinMs = 4_000;

/** @throws Refusal `not_found` for a name that is no provider's. */
export async function receiveNotification(
  anyone: Context,
  command: { provider: string; notification: Notification },
  options: { answerWithinMs?: number } = {},
): Promise<ProviderAnswer> {
  const { provider, notification } = command;
  const loaded = await loadProvider(anyone, anyone.database, provider);
  if (!loaded?.provider.capabilities.notifies) throw notFound('payment provider', 'provider');
  const context = asProvider(anyone, provider);
  const { acknowledge, refuse } = loaded.online.answers;

  const address = senderOf(context.actor.ip);
  const stored = await store(context, { provider, address, notification });
  if (isDone(stored.outcome)) return acknowledge;
  const { connection } = loaded;
  if (!connection) {
    await keepRefused(context, { ...stored, provider, address }, 'The provider is not set up.');
    return { ...refuse, status: 404 };
  }
  const handling = handleNotification(context, {
    ...{ id: stored.id, provider, connection, address, notification, tries: stored.tries },
    // What comes has to prove itself, whatever an earlier delivery of the same bytes has proved.
    claims: null,
  });
  const handled = await withinTime(handling, options.answerWithinMs ?? answerWithinMs, (error) =>
    context.log.error(
      { err: error, notification: stored.id, provider },
      'a notification of a payment provider could not be handled; it is tried again',
    ),
  );
  return handled !== undefined && isDone(handled.outcome) ? acknowledge : refuse;
}

/** Whoever carries it out, the audit log says that the provider told us. */
export function asProvider(context: Context, provider: string): Context {
  return { ...context, actor: { ...context.actor, kind: 'provider', id: provider } };
}

async function store(
  context: Context,
  {
    provider,
    address,
    notification,
  }: { provider: string; address: string; notification: Notification },
): ReturnType<typeof storeNotification> {
  const { method, query, headers, body } = notification;
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
    address,
    receivedAt,
    nextTryAt: nextTryAt(receivedAt, 0) ?? receivedAt,
  });
}

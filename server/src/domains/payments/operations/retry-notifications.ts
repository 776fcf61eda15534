import type { Context } from '../../../platform/context.ts';
import { nextTryAt } from '../core/inbox.ts';
import { claimDueNotifications, removeUnproven, type StoredNotification } from '../inbox-store.ts';
import { type Handled, handleNotification, keepRefused, keepTaken } from './handle-notification.ts';
import { loadProvider } from './load-provider.ts';
import { asProvider } from './receive-notification.ts';

const perRunMax = 1_000;
const atOnceMax = 10;
const unprovenMax = 5_000;
const dayMs = 86_400_000;

/**
 * Tries every notification again whose time has come; answers how many. They are claimed a few at a time, with the time of
 * the try after this one already set, so that a process that dies leaves few of them to wait for it.
 */
export async function retryNotifications(context: Context): Promise<number> {
  let tried = 0;
  while (tried < perRunMax) {
    const due = await claim(context);
    await Promise.all(due.map((notification) => retry(context, notification)));
    tried += due.length;
    if (due.length < atOnceMax) break;
  }
  await removeUnproven(context.database, unprovenMax);
  return tried;
}

function claim(context: Context): Promise<StoredNotification[]> {
  const wall = context.clocks.wall();
  return claimDueNotifications(context.database, wall, {
    limit: atOnceMax,
    againAt: (tries) => nextTryAt(wall, tries) ?? new Date(wall.getTime() + dayMs),
  });
}

async function retry(context: Context, notification: StoredNotification): Promise<void> {
  try {
    await handleStored(context, notification);
  } catch (error) {
    context.log.error(
      { err: error, notification: notification.id, provider: notification.provider },
      'a notification of a payment provider could not be handled; it is tried again',
    );
  }
}

/** Does again what follows from a notification that is stored. */
export async function handleStored(
  anyone: Context,
  notification: StoredNotification,
): Promise<Handled> {
  const { id, provider, tries, claims, method, query, headers, body } = notification;
  const context = asProvider(anyone, provider);
  const address = notification.address ?? '';
  const loaded = await loadProvider(context, context.database, provider);
  if (!loaded?.connection) {
    const reason = 'The provider is not set up.';
    return notification.isVerified
      ? keepTaken(context, notification, { outcome: 'failed', reason })
      : keepRefused(context, { id, provider, address }, reason);
  }
  return handleNotification(context, {
    ...{ id, provider, connection: loaded.connection, address, tries, claims },
    notification: { method, query, headers, body },
  });
}

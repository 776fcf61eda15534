import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/payment-inbox';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  type Page,
  type PageRequest,
  pageOf,
  readCursor,
  readTimes,
} from '../../../platform/http/pages.ts';
import { type InboxOutcome, inboxOutcomes } from '../core/inbox.ts';
import { scrubText } from '../core/scrub.ts';
import {
  findNotification,
  listNotificationRows,
  type NotificationRow,
  type StoredNotification,
} from '../inbox-store.ts';
import { loadProvider } from './load-provider.ts';

type Detail = AnswerOf<typeof endpoints.getPaymentNotification>;
type View = AnswerOf<typeof endpoints.listPaymentNotifications>['data'][number];

export interface ListCommand extends PageRequest {
  provider?: string | undefined;
  outcome?: InboxOutcome | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const shownUnasked = inboxOutcomes.filter((outcome) => outcome !== 'refused');

/** What providers told us, newest first; what nobody could prove is anybody's, and shown only when asked for. */
export async function listNotifications(
  context: Context,
  request: ListCommand,
): Promise<Page<View>> {
  const { outcome } = request;
  const rows = await listNotificationRows(context.database, {
    provider: request.provider,
    outcomes: outcome === undefined ? shownUnasked : [outcome],
    ...readTimes(request),
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentRow);
}

/** @throws Refusal `not_found`. */
export async function getNotification(context: Context, id: string): Promise<Detail> {
  const stored = await findNotification(context.database, id);
  if (!stored) throw notFound('notification');
  return presentDetail(stored, await secretsOf(context, stored.provider));
}

async function secretsOf(context: Context, id: string): Promise<string[]> {
  const loaded = await loadProvider(context, context.database, id);
  if (!loaded) return [];
  return loaded.provider.settings
    .filter(({ kind }) => kind === 'secret')
    .map(({ key }) => loaded.written[key])
    .filter((value) => typeof value === 'string');
}

function presentRow(row: NotificationRow): View {
  const { id, provider, outcome, reason, method, address, deliveries, tries } = row;
  return {
    ...{ id, provider, outcome, reason, method, address, deliveries, tries },
    is_verified: row.isVerified,
    received_at: row.receivedAt.toISOString(),
    last_received_at: row.lastReceivedAt.toISOString(),
    handled_at: row.handledAt?.toISOString() ?? null,
    next_try_at: row.nextTryAt?.toISOString() ?? null,
  };
}

const bodyShownMax = 64 * 1024;

function presentDetail(stored: StoredNotification, secrets: readonly string[]): Detail {
  const { body, headers, query } = stored;
  const scrub = (text: string) => scrubText(text, secrets);
  return {
    ...presentRow(stored),
    query: scrub(query),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, scrub(value)]),
    ),
    body: scrub(body.toString('utf8')).slice(0, bodyShownMax),
    body_bytes: body.length,
    is_cut: stored.isCut || body.length > bodyShownMax,
  };
}

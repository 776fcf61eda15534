/** Channels in the contract's words. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/gateway';
import type { Context } from '../../platform/context.ts';
import { formatNanos } from '../../platform/money.ts';
import { type Health, isRefusal, type RestingPart } from './core/channel-health.ts';
import { shownProxy } from './operations/create-channel.ts';
import type { AttemptRow } from './pool-store.ts';
import type { ChannelRow, StoredKey } from './store.ts';

type Channel = AnswerOf<typeof endpoints.getChannel>;
type Attempt = AnswerOf<typeof endpoints.listChannelAttempts>['data'][number];
/** Health is kept in wall time and shown in the time that everything else is shown in. */
interface Show {
  (ms: number): string;
  /** Null for what is past. */
  ahead(ms: number | null): string | null;
}

export function presentChannel(context: Context, row: ChannelRow, health: Health): Channel {
  const { clocks } = context;
  const show = showFrom(clocks.wall(), clocks.business());
  return {
    id: row.id,
    name: row.name,
    dialect: row.dialect,
    base_url: row.base_url,
    has_api_key: true,
    keys: row.keys.map((key) =>
      presentKey(
        key,
        health.keys.find(({ name }) => name === key.id),
        show,
      ),
    ),
    models: row.models,
    aliases: row.aliases,
    weight: row.weight,
    priority: row.priority,
    concurrency: row.concurrency,
    proxy_url: shownProxy(context, row),
    cost: row.cost,
    status: row.status,
    health: presentHealth(health, show),
    created_at: row.created_at.toISOString(),
  };
}

function showFrom(wall: Date, business: Date): Show {
  const offsetMs = business.getTime() - wall.getTime();
  const show = (ms: number) => new Date(ms + offsetMs).toISOString();
  const ahead = (ms: number | null) => (ms !== null && ms > wall.getTime() ? show(ms) : null);
  return Object.assign(show, { ahead });
}

function presentKey(key: StoredKey, resting: RestingPart | undefined, show: Show) {
  const { id, prefix, created_at } = key;
  const known = { id, prefix, created_at: new Date(created_at).toISOString() };
  if (!resting) return { ...known, state: 'ready' as const, until: null, reason: null };
  const state = isRefusal(resting.reason) ? ('refused' as const) : ('resting' as const);
  return { ...known, state, until: show.ahead(resting.untilMs), reason: resting.reason };
}

function presentHealth(health: Health, show: Show): Channel['health'] {
  const { lastFailure } = health;
  const recent = ({ calls, failed, p50Ms, p95Ms }: Health['last5']) => ({
    calls,
    failed,
    p50_ms: p50Ms,
    p95_ms: p95Ms,
  });
  return {
    state: health.state,
    until: show.ahead(health.untilMs),
    in_flight: health.inFlight,
    failures: health.failures,
    last_success_at: health.lastSuccessMs === null ? null : show(health.lastSuccessMs),
    last_failure: lastFailure && {
      at: show(lastFailure.atMs),
      reason: lastFailure.reason,
      status: lastFailure.status,
      model: lastFailure.model,
    },
    last_5_minutes: recent(health.last5),
    last_60_minutes: recent(health.last60),
    models: health.models.map(({ name, untilMs, reason }) => ({
      model: name,
      until: show.ahead(untilMs),
      reason,
    })),
  };
}

export function presentAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    at: row.attempted_at.toISOString(),
    request_id: row.request_id,
    model: row.model,
    status: row.status,
    reason: row.reason,
    cost: row.cost === null ? null : formatNanos(row.cost),
    currency: row.currency,
  };
}

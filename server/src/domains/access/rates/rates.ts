/** Rates and concurrency of calls, shared through Redis where there is one; without it each process keeps its share. */
import type { Platform } from '../../../platform/context.ts';
import { connectRedis } from '../../../platform/redis.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSharedStore } from './shared-store.ts';
import type { Demand, DemandState, RateStore, Take, Taken } from './store.ts';

export interface RateTerms {
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  concurrency: number | null;
}

export interface RateHolder {
  requestId: string;
  organizationId: string;
  apiKeyId: string | null;
}

export interface RateRequest extends RateHolder {
  plan: RateTerms;
  key: RateTerms | null;
  /** An estimate; more than a limit counts as the limit, or no such call could ever run. */
  tokens: number;
  leaseMs: number;
}

export interface RateState extends DemandState {
  kind: 'requests_per_minute' | 'tokens_per_minute' | 'concurrency';
  subject: { kind: 'organization' | 'api_key'; id: string };
  limit: number;
  remaining: number;
}

export interface RateDecision {
  permitted: boolean;
  /** The limit that refused. */
  refused: RateState | undefined;
  retryAfterMs: number;
  /** Every limit that the call counts against; none: nothing was taken. */
  states: RateState[];
}

export interface NamedTake {
  group: string;
  name: string;
  limit: number;
  seconds: number;
}

export interface NamedTaken {
  allowed: boolean;
  remaining: number;
  resetsAt: Date;
}

export interface Rates {
  /** Takes what a call needs of all its limits, or nothing of any. */
  take(request: RateRequest): Promise<RateDecision>;
  /** Ends a call's lease once; without tokens as if it had never been. */
  give(holder: RateHolder, used?: { tokens: number }): Promise<void>;
  renew(holder: RateHolder, leaseMs: number): Promise<void>;
  takeNamed(take: NamedTake): Promise<NamedTaken>;
  /** Undefined without Redis. */
  isRedisUp(): boolean | undefined;
  /** How many processes share the limits, as last heard. */
  processes(): number;
  /** Decisions made by this process alone because Redis did not answer. */
  fallbacks(): number;
  close(): void;
}

const minuteMs = 60_000;
const unlimited: RateDecision = {
  permitted: true,
  refused: undefined,
  retryAfterMs: 0,
  states: [],
};

type Limited = Pick<RateState, 'kind' | 'subject'> & { demand: Demand };

export function createRates(platform: Pick<Platform, 'clocks' | 'log' | 'config'>): Rates {
  const { clocks, config, log } = platform;
  const nowMs = () => clocks.wall().getTime();
  const memory = createMemoryStore(nowMs);
  const { redisUrl } = config;
  const shared =
    redisUrl === undefined ? undefined : createSharedStore(connectRedis(redisUrl, log));
  let fallbacks = 0;

  async function take(asked: Take): Promise<{ taken: Taken; demands: readonly Demand[] }> {
    if (!shared) return { taken: await memory.take(asked), demands: asked.demands };
    try {
      return { taken: await shared.take(asked), demands: asked.demands };
    } catch {
      fallbacks += 1;
      const demands = asked.demands.map((demand) => shareOf(demand, shared.processes()));
      return { taken: await memory.take({ ...asked, demands }), demands };
    }
  }

  /** A lease was taken in one of the two. */
  async function tell(work: (store: RateStore) => Promise<boolean>): Promise<void> {
    if (!(await work(memory)) && shared) await work(shared);
  }

  return {
    async take(request) {
      const limited = demandsOf(request);
      if (limited.length === 0) return unlimited;
      const { organizationId: group, requestId: id, leaseMs } = request;
      const { taken, demands } = await take({
        group,
        id,
        leaseMs,
        demands: limited.map(({ demand }) => demand),
      });
      const states = limited.map(({ kind, subject }, index) => {
        const { used = 0, resetMs = 0 } = taken.states[index] ?? {};
        const limit = demands[index]?.limit ?? 0;
        return { kind, subject, limit, used, resetMs, remaining: Math.max(0, limit - used) };
      });
      const refused = taken.refused === undefined ? undefined : states[taken.refused];
      return { permitted: !refused, refused, retryAfterMs: taken.retryMs, states };
    },
    give: (holder, used) => tell((store) => store.give(leaseOf(holder), used?.tokens)),
    renew: (holder, leaseMs) => tell((store) => store.renew(leaseOf(holder), leaseMs)),
    async takeNamed({ group, name, limit, seconds }) {
      const windowMs = seconds * 1000;
      const demand = {
        kind: 'window',
        role: 'requests',
        amount: 1,
        name,
        limit,
        windowMs,
      } as const;
      const asked = { group, id: '', leaseMs: 0, demands: [demand] };
      const { taken, demands } = await take(asked);
      const { used = 0, resetMs = 0 } = taken.states[0] ?? {};
      const allowed = taken.refused === undefined;
      return {
        allowed,
        remaining: Math.max(0, (demands[0]?.limit ?? limit) - used),
        resetsAt: new Date(nowMs() + Math.ceil(allowed ? resetMs : taken.retryMs)),
      };
    },
    isRedisUp: () => shared?.isUp(),
    processes: () => shared?.processes() ?? 1,
    fallbacks: () => fallbacks,
    close: () => shared?.close(),
  };
}

/** At least one, so that nobody is shut out: with more processes than places all of them exceed the limit. */
function shareOf(demand: Demand, processes: number): Demand {
  if (demand.limit === 0) return demand;
  const limit = Math.max(1, Math.floor(demand.limit / processes));
  if (demand.kind === 'slot') return { ...demand, limit };
  return { ...demand, limit, amount: Math.min(demand.amount, limit) };
}

function demandsOf({ organizationId, apiKeyId, plan, key, tokens }: RateRequest): Limited[] {
  const demands = demandsFor({ kind: 'organization', id: organizationId }, plan, tokens);
  if (key === null || apiKeyId === null) return demands;
  return [...demands, ...demandsFor({ kind: 'api_key', id: apiKeyId }, key, tokens)];
}

function demandsFor(subject: RateState['subject'], terms: RateTerms, tokens: number): Limited[] {
  const { requestsPerMinute: rpm, tokensPerMinute: tpm, concurrency } = terms;
  const limited: Limited[] = [];
  const window = { kind: 'window', windowMs: minuteMs } as const;
  if (rpm !== null) {
    const name = `${subject.id}:requests`;
    const demand: Demand = { ...window, role: 'requests', limit: rpm, amount: 1, name };
    limited.push({ kind: 'requests_per_minute', subject, demand });
  }
  if (tpm !== null) {
    const name = `${subject.id}:tokens`;
    const amount = Math.min(tokens, Math.max(1, tpm));
    const demand: Demand = { ...window, role: 'tokens', limit: tpm, amount, name };
    limited.push({ kind: 'tokens_per_minute', subject, demand });
  }
  if (concurrency !== null) {
    const demand: Demand = { kind: 'slot', limit: concurrency, name: `${subject.id}:slots` };
    limited.push({ kind: 'concurrency', subject, demand });
  }
  return limited;
}

function leaseOf({ organizationId, requestId, apiKeyId }: RateHolder) {
  const holders = apiKeyId === null ? [organizationId] : [organizationId, apiKeyId];
  const names = holders.flatMap((id) => [`${id}:requests`, `${id}:tokens`, `${id}:slots`]);
  return { group: organizationId, id: requestId, names };
}

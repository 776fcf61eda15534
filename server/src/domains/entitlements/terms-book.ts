/** What each organization's plan and features allow, in a process's memory: read when asked for, dropped when changed. */
import type { FeatureValue } from '@sluice/contract/meters';
import type { Platform } from '../../platform/context.ts';
import { readSetting, settingsChannel } from '../settings/index.ts';
import {
  findFeatureOverrides,
  findOrganizationPlan,
  type OrganizationPlan,
} from './plans-store.ts';

/** The payload is the organization whose terms changed. */
export const termsChannel = 'entitlements_terms';

export interface Rates {
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  concurrency: number | null;
}

export interface Terms {
  plan: { id: string; slug: string; name: string; version: number } | null;
  /** Models that may be called; null: any. */
  models: readonly string[] | null;
  rates: Rates;
  /** By reference: `sso`, or `medical.sso`. */
  features: Readonly<Record<string, FeatureValue>>;
  onShortFunds: 'reject' | 'cap';
  /** What a call costs whose caller left. */
  onAbort: 'delivered' | 'drained';
}

export interface TermsBook {
  termsOf(organizationId: string): Promise<Terms>;
  /** Reads anew when asked next; the process that changed terms calls this before it answers. */
  forget(organizationId: string): void;
}

const organizationsMax = 20_000;
/** What a notification that never came can cost, while the listening connection is down, say. */
const keptMsMax = 15_000;

interface Cached {
  read: Promise<Sources>;
  until: number;
}

interface Sources {
  plan: OrganizationPlan | undefined;
  overrides: Readonly<Record<string, FeatureValue>>;
  /** Of who has no plan. */
  onAbort: Terms['onAbort'];
}

/** Opens the book; it hears of changes once the platform's notifications have started. */
export function createTermsBook(platform: Platform): TermsBook {
  const { clocks, database, notifications } = platform;
  const cache = new Map<string, Cached>();

  notifications.subscribe(termsChannel, {
    onNotify: (organizationId) => void cache.delete(organizationId),
    onGap: () => cache.clear(),
  });
  notifications.subscribe(settingsChannel, {
    onNotify: (name) => {
      if (name === 'on_abort') cache.clear();
    },
    onGap: () => cache.clear(),
  });

  async function readSources(organizationId: string): Promise<Sources> {
    const [plan, overrides, onAbort] = await Promise.all([
      findOrganizationPlan(database, organizationId),
      findFeatureOverrides(database, organizationId),
      readSetting(database, 'on_abort'),
    ]);
    return { plan, overrides, onAbort };
  }

  // A reading is kept as soon as it begins: a change that commits meanwhile finds it in the cache, and drops it.
  function sourcesOf(organizationId: string): Promise<Sources> {
    const cached = cache.get(organizationId);
    if (cached && cached.until > clocks.wall().getTime()) return cached.read;
    const read = readSources(organizationId);
    if (cache.size >= organizationsMax) cache.delete(cache.keys().next().value ?? '');
    const entry = { read, until: clocks.wall().getTime() + keptMsMax };
    cache.set(organizationId, entry);
    read.catch(() => {
      if (cache.get(organizationId) === entry) cache.delete(organizationId);
    });
    return read;
  }

  return {
    forget: (organizationId) => void cache.delete(organizationId),
    async termsOf(organizationId) {
      const { plan, ...sources } = await sourcesOf(organizationId);
      // Business time is compared here: a plan ends at its instant, whatever is cached.
      const isOver = plan?.endsAt && plan.endsAt <= clocks.business();
      return makeTerms(isOver ? undefined : plan, sources);
    },
  };
}

function makeTerms(
  plan: OrganizationPlan | undefined,
  { overrides, onAbort }: Omit<Sources, 'plan'>,
): Terms {
  const { models = ['*'], onShortFunds = 'reject' } = plan ?? {};
  return {
    plan: plan
      ? { id: plan.planId, slug: plan.slug, name: plan.name, version: plan.version }
      : null,
    models: models.includes('*') ? null : models,
    rates: {
      requestsPerMinute: plan?.requestsPerMinute ?? null,
      tokensPerMinute: plan?.tokensPerMinute ?? null,
      concurrency: plan?.concurrency ?? null,
    },
    features: { ...plan?.features, ...overrides },
    onShortFunds,
    onAbort: plan?.onAbort ?? onAbort,
  };
}

import {
  add,
  isOver,
  openSlice,
  type SlicedWindow,
  untilEmpty,
  untilFreed,
} from './sliced-window.ts';
import type { Demand, DemandState, RateStore, Take, Taken } from './store.ts';
import { slotRetryMs } from './store.ts';

/** How often what nobody uses any more is dropped. */
const sweepMs = 60_000;

interface Lease {
  endsAtMs: number;
  /** What give may have to take back, each in the slice that it was taken in. */
  parts: { name: string; isTokens: boolean; slice: number; amount: number }[];
  slots: string[];
}

/** Rates of one process. `nowMs` is wall time. */
export function createMemoryStore(nowMs: () => number): RateStore & { size(): number } {
  const windows = new Map<string, SlicedWindow>();
  /** By the slot's name, the end of each lease. */
  const slots = new Map<string, Map<string, number>>();
  const leases = new Map<string, Lease>();
  let sweepAtMs = nowMs() + sweepMs;

  const usedSlots = (name: string, now: number) => countLive(slots.get(name), now);

  function sweep(now: number): void {
    sweepAtMs = now + sweepMs;
    for (const [name, window] of windows) {
      if (isOver(window, now)) windows.delete(name);
    }
    for (const name of slots.keys()) if (usedSlots(name, now) === 0) slots.delete(name);
    for (const [id, { endsAtMs }] of leases) if (endsAtMs <= now) leases.delete(id);
  }

  function openWindow(name: string, windowMs: number, now: number): SlicedWindow {
    const known = windows.get(name);
    const window = openSlice(known, windowMs, now);
    if (window !== known) windows.set(name, window);
    return window;
  }

  function look(demand: Demand, now: number): DemandState & { retryMs: number | undefined } {
    if (demand.kind === 'slot') {
      const used = usedSlots(demand.name, now);
      return { used, resetMs: 0, retryMs: used < demand.limit ? undefined : slotRetryMs };
    }
    const window = openWindow(demand.name, demand.windowMs, now);
    const over = window.used + demand.amount - demand.limit;
    const retryMs = over <= 0 ? undefined : untilFreed(window, over, now);
    return { used: window.used, resetMs: untilEmpty(window, now), retryMs };
  }

  function apply(demand: Demand, take: Take, now: number, lease: Lease): DemandState {
    if (demand.kind === 'slot') {
      const { name } = demand;
      const held = slots.get(name) ?? new Map<string, number>();
      slots.set(name, held.set(take.id, now + take.leaseMs));
      lease.slots.push(name);
      return { used: held.size, resetMs: 0 };
    }
    const { name, amount, role } = demand;
    const window = openWindow(name, demand.windowMs, now);
    add(window, window.newest, amount, now);
    lease.parts.push({ name, isTokens: role === 'tokens', slice: window.newest, amount });
    lease.endsAtMs = Math.max(lease.endsAtMs, now + demand.windowMs);
    return { used: window.used, resetMs: untilEmpty(window, now) };
  }

  return {
    size: () => windows.size + slots.size + leases.size,
    async take(take): Promise<Taken> {
      const now = nowMs();
      if (now >= sweepAtMs) sweep(now);
      const demands = namedDemands(take);
      const looks = demands.map((demand) => look(demand, now));
      const refused = looks.findIndex(({ retryMs }) => retryMs !== undefined);
      if (refused >= 0) {
        return { refused, retryMs: looks[refused]?.retryMs ?? 0, states: looks };
      }
      const lease: Lease = { endsAtMs: now + take.leaseMs, parts: [], slots: [] };
      const states = demands.map((demand) => apply(demand, take, now, lease));
      if (take.leaseMs > 0) leases.set(nameIn(take.group, take.id), lease);
      return { refused: undefined, retryMs: 0, states };
    },
    async give(reference, tokens) {
      const lease = leases.get(nameIn(reference.group, reference.id));
      if (!lease) return false;
      leases.delete(nameIn(reference.group, reference.id));
      for (const name of lease.slots) slots.get(name)?.delete(reference.id);
      const now = nowMs();
      for (const { name, isTokens, slice, amount } of lease.parts) {
        const window = windows.get(name);
        if (!window || (tokens !== undefined && !isTokens)) continue;
        add(window, slice, (tokens ?? 0) - amount, now);
      }
      return true;
    },
    async renew(reference, leaseMs) {
      const lease = leases.get(nameIn(reference.group, reference.id));
      if (!lease) return false;
      lease.endsAtMs = Math.max(lease.endsAtMs, nowMs() + leaseMs);
      for (const name of lease.slots) slots.get(name)?.set(reference.id, nowMs() + leaseMs);
      return true;
    },
  };
}

function countLive(held: Map<string, number> | undefined, now: number): number {
  if (!held) return 0;
  for (const [id, endsAtMs] of held) if (endsAtMs <= now) held.delete(id);
  return held.size;
}

/** Names are a group's own. */
function namedDemands({ group, demands }: Take): Demand[] {
  return demands.map((demand) => ({ ...demand, name: nameIn(group, demand.name) }));
}

function nameIn(group: string, name: string): string {
  return `${group} ${name}`;
}

/** What was taken within a window's length, in slices; see store.ts for what it promises. */
import { slicesCounted, slicesPerWindow } from './store.ts';

export interface SlicedWindow {
  sliceMs: number;
  /** The newest slice; of slice s the count is at `s % slicesCounted`. */
  newest: number;
  counts: Float64Array;
  used: number;
}

/** The window with its newest slice open now; a new one where there is none, or one of another length. */
export function openSlice(
  known: SlicedWindow | undefined,
  windowMs: number,
  now: number,
): SlicedWindow {
  const sliceMs = windowMs / slicesPerWindow;
  const newest = sliceAt(sliceMs, now);
  if (known?.sliceMs !== sliceMs) {
    return { sliceMs, newest, counts: new Float64Array(slicesCounted), used: 0 };
  }
  advance(known, newest);
  return known;
}

/** Whether nothing of it counts any more. */
export function isOver(window: SlicedWindow, now: number): boolean {
  return sliceAt(window.sliceMs, now) - window.newest >= slicesCounted;
}

/** Forgets the slices that are over. A clock that went back counts on in the newest slice. */
function advance(window: SlicedWindow, slice: number): void {
  const passed = slice - window.newest;
  if (passed <= 0) return;
  window.newest = slice;
  if (passed >= slicesCounted) {
    window.counts.fill(0);
    window.used = 0;
    return;
  }
  for (let next = slice - passed + 1; next <= slice; next += 1) {
    window.used -= window.counts[next % slicesCounted] ?? 0;
    window.counts[next % slicesCounted] = 0;
  }
}

/** Counts in the slice that it belongs to; nothing where that is over. */
export function add(window: SlicedWindow, slice: number, amount: number, now: number): void {
  advance(window, sliceAt(window.sliceMs, now));
  if (window.newest - slice >= slicesCounted) return;
  window.counts[slice % slicesCounted] = (window.counts[slice % slicesCounted] ?? 0) + amount;
  window.used += amount;
}

/** Until so much of what is used counts no more. */
export function untilFreed(window: SlicedWindow, amount: number, now: number): number {
  let freed = 0;
  for (let slice = window.newest - slicesCounted + 1; slice <= window.newest; slice += 1) {
    if (slice >= 0) freed += window.counts[slice % slicesCounted] ?? 0;
    if (freed >= amount) return (slice + slicesCounted) * window.sliceMs - now;
  }
  return slicesCounted * window.sliceMs;
}

export function untilEmpty(window: SlicedWindow, now: number): number {
  for (let back = 0; back < slicesCounted; back += 1) {
    const slice = window.newest - back;
    if (slice >= 0 && window.counts[slice % slicesCounted] !== 0) {
      return (slice + slicesCounted) * window.sliceMs - now;
    }
  }
  return 0;
}

function sliceAt(sliceMs: number, now: number): number {
  return Math.floor(now / sliceMs);
}

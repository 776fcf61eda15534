/**
 * Where rates are counted. A window is cut into slices; what was taken counts until the last instant of its slice is a
 * whole window ago. So no span of a window's length ever holds more than the limit, wherever it begins; the error is on
 * the other side: a place may come back up to one slice (a thirtieth of the window, 2 s of a minute) late.
 */
export const slicesPerWindow = 30;
/** The open slice, and all that a window of any beginning can still touch. */
export const slicesCounted = slicesPerWindow + 1;

export type WindowRole = 'requests' | 'tokens';

export type Demand =
  | {
      kind: 'window';
      name: string;
      role: WindowRole;
      limit: number;
      amount: number;
      windowMs: number;
    }
  /** A place among those in flight. */
  | { kind: 'slot'; name: string; limit: number };

/** One call's demands: all are met, or nothing is taken. Their keys lie together by the group. */
export interface Take {
  /** The organization: what is counted together. */
  group: string;
  /** Names the lease. */
  id: string;
  /** A lease that nobody renewed ends after so long, and its slots with it; 0: nothing is ever given back. */
  leaseMs: number;
  demands: readonly Demand[];
}

/** A demand after the decision. */
export interface DemandState {
  used: number;
  /** Until nothing of it counts any more; for a slot 0. */
  resetMs: number;
}

export interface Taken {
  /** The first demand that was not met; undefined: all were. */
  refused: number | undefined;
  /** Until the refused demand could be met, if nobody else comes. */
  retryMs: number;
  states: DemandState[];
}

export interface LeaseReference {
  group: string;
  id: string;
  /** Names of all demands that it may have had. */
  names: readonly string[];
}

export interface RateStore {
  take(take: Take): Promise<Taken>;
  /**
   * Ends a lease once; without tokens as if it had never been, otherwise with so many in place of those taken. False
   * where there is no such lease.
   */
  give(lease: LeaseReference, tokens: number | undefined): Promise<boolean>;
  renew(lease: LeaseReference, leaseMs: number): Promise<boolean>;
}

/** A slot is free when its call ends, which nobody knows: come back soon. */
export const slotRetryMs = 1_000;

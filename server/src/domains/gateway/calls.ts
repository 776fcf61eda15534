/** The calls in flight in this process: their deadlines by one timer, their bounds, and waiting for them at the end. */
import type { GatewayLimits } from './limits.ts';

/** A call as the timer sees it. */
export interface InFlight {
  /** Looks at its deadlines; `nowMs` is of the monotonic clock. */
  tick(nowMs: number): void;
  /** Ends the call with what it has. */
  cut(): void;
}

export class Calls {
  readonly #limits: GatewayLimits;
  readonly #inFlight = new Set<InFlight>();
  readonly #timer: NodeJS.Timeout;
  #bodiesBytes = 0;
  #drains = 0;
  #isClosing = false;
  #onEmpty: (() => void) | undefined;

  constructor(limits: GatewayLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#tick(), limits.tickMs);
    this.#timer.unref();
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  get count(): number {
    return this.#inFlight.size;
  }

  /** Whether the process can take one more call. */
  hasRoom(): boolean {
    return this.#inFlight.size < this.#limits.callsMax;
  }

  add(call: InFlight): void {
    this.#inFlight.add(call);
  }

  remove(call: InFlight): void {
    this.#inFlight.delete(call);
    if (this.#inFlight.size === 0) this.#onEmpty?.();
  }

  /** Reserves memory for a body; false where the process holds too much already. */
  takeBytes(bytes: number): boolean {
    if (this.#bodiesBytes + bytes > this.#limits.bodiesBytesMax) return false;
    this.#bodiesBytes += bytes;
    return true;
  }

  giveBytes(bytes: number): void {
    this.#bodiesBytes -= bytes;
  }

  /** Reserves one of the places for upstreams that are read on after their caller left. */
  takeDrain(): boolean {
    if (this.#drains >= this.#limits.drainsMax) return false;
    this.#drains += 1;
    return true;
  }

  giveDrain(): void {
    this.#drains -= 1;
  }

  /** Refuses new calls and waits for those in flight; what is left after `closeMs` is cut, then settled like any other. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#inFlight.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
      const cut = setTimeout(() => {
        for (const call of this.#inFlight) call.cut();
      }, this.#limits.closeMs);
      await empty;
      clearTimeout(cut);
    }
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const call of this.#inFlight) call.tick(nowMs);
  }
}

/** What a request of your API costs its caller: begun by guards in front of the handler, ended with the response. */
import type { Access } from '../access.ts';
import type { Sluice } from '../create-sluice.ts';
import { SluiceError } from '../errors.ts';
import type { Limit, Quantities, Quantity, Subject } from '../wire.ts';

/** How the response ended. */
export interface End {
  /** As it was sent; 500 where the handler broke off. */
  status: number;
  /** The caller hung up before the response was whole. */
  isAborted: boolean;
}

/** What handlers see as `request.sluice`. */
export interface SluiceCall {
  readonly subject: Subject;
  readonly client: Sluice;
  /** The limits that this request counts against, as they stood. */
  readonly limits: readonly Limit[];
  /** Sets how much of a meter this request is settled with, instead of the estimate. */
  use(meter: string, quantity: Quantity): void;
  /** This request costs nothing, whatever becomes of it. */
  release(): void;
}

export interface OpenCall extends SluiceCall {
  begin(quantities: Quantities): Promise<void>;
  /** Settles or releases; the first end is the one that counts. Never rejects. */
  end(end: End): Promise<void>;
}

interface CallOptions {
  client: Sluice;
  subject: Subject;
  /** Where the caller is. */
  ip: string | undefined;
  settles: (end: End) => boolean;
}

export function openCall({ client, subject, ip, settles }: CallOptions): OpenCall {
  const startedMs = performance.now();
  const accesses: { access: Access; meters: string[] }[] = [];
  /** Used, but of no meter that was asked for: told as an event. */
  const besides = createBesides(client, subject);
  let isReleased = false;
  let ended: Promise<void> | undefined;

  const finish = async (end: End): Promise<void> => {
    const isDue = !isReleased && settles(end);
    besides.end(isDue);
    const outcome = outcomeOf(end);
    const latencyMs = performance.now() - startedMs;
    const ends = accesses.map(({ access }) =>
      isDue ? access.settle({ outcome, latencyMs }) : access.release(),
    );
    // What failed was told to `onSettlementLost`.
    await Promise.allSettled(ends);
  };
  return {
    client,
    subject,
    get limits() {
      return accesses.flatMap(({ access }) => access.permit?.limits ?? []);
    },
    use(meter, quantity) {
      const asked = ended ? undefined : accesses.find(({ meters }) => meters.includes(meter));
      if (asked) asked.access.use(meter, quantity);
      else if (!ended || !accesses.some(({ meters }) => meters.includes(meter))) {
        besides.use(meter, quantity);
      }
    },
    release() {
      isReleased = true;
    },
    async begin(quantities) {
      const request = { subject, estimate: quantities, ...(ip !== undefined && { ip }) };
      const access = await client.begin(request);
      if (ended) {
        await access.release();
        throw new CallerGone('caller_gone', 'The caller hung up before the work began.');
      }
      accesses.push({ access, meters: Object.keys(quantities) });
    },
    end(end) {
      ended ??= finish(end);
      return ended;
    },
  };
}

/** Nobody is there to be answered. */
export class CallerGone extends SluiceError {
  override readonly name = 'CallerGone';
}

function outcomeOf({ status, isAborted }: End) {
  if (isAborted) return 'aborted';
  return status >= 500 ? 'upstream_error' : 'completed';
}

/**
 * Use of meters that were not asked for beforehand. A handler may still say so after its caller hung up: hanging up early
 * must not make work cheaper.
 */
function createBesides(client: Sluice, subject: Subject) {
  let quantities: Quantities = {};
  let isDue: boolean | undefined;
  const report = () => {
    for (const [meter, quantity] of Object.entries(quantities)) {
      client.report({ subject, meter, quantity });
    }
    quantities = {};
  };
  return {
    use(meter: string, quantity: Quantity) {
      quantities[meter] = quantity;
      if (isDue) report();
    },
    end(due: boolean) {
      isDue = due;
      if (due) report();
    },
  };
}

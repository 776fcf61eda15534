/**
 * Keeps when a provider last answered and when it last did not, for the page on which operators look after it. Written at
 * most twice a minute by a process, so that no call pays for it.
 */
import type { Context } from '../../../platform/context.ts';
import type { Database } from '../../../platform/database/pool.ts';
import { saveCallFailed, saveCallSucceeded } from '../health-store.ts';
import type { Connection } from '../provider.ts';

const keptForMs = 30_000;
const calls = new Set<string | symbol>([
  ...['start', 'find', 'close', 'refund', 'findRefund', 'findDispute', 'statement', 'probe'],
  ...['setUp', 'findSetup', 'charge', 'remove'],
]);

/** The same connection; whoever uses it need not know. */
export function watchCalls(context: Context, provider: string, connection: Connection): Connection {
  return watch(connection, (call, answer) => keep(context, provider, { call, answer }));
}

type Hear = (call: string, answer: unknown) => Promise<void>;

function watch<T extends object>(watched: T, hear: Hear): T {
  return new Proxy(watched, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === 'methods' && typeof member === 'object' && member !== null) {
        return watch(member, hear);
      }
      if (!calls.has(name) || typeof member !== 'function') return member;
      return async (...asked: unknown[]) => {
        const answer: unknown = await Reflect.apply(member, target, asked);
        await hear(String(name), answer);
        return answer;
      };
    },
  });
}

/** By database and what was kept: a handful. */
const lastKept = new WeakMap<Database, Map<string, number>>();

async function keep(
  context: Context,
  provider: string,
  { call, answer }: { call: string; answer: unknown },
): Promise<void> {
  const { database, clocks } = context;
  const isAnswered = !isSilence(answer);
  const at = clocks.wall();
  const kept = lastKept.get(database) ?? new Map<string, number>();
  lastKept.set(database, kept);
  const key = `${provider} ${isAnswered}`;
  if (at.getTime() - (kept.get(key) ?? Number.NEGATIVE_INFINITY) < keptForMs) return;
  kept.set(key, at.getTime());
  try {
    if (isAnswered) await saveCallSucceeded(database, provider, at);
    else await saveCallFailed(database, provider, { call, at });
  } catch (error) {
    // What the provider has answered counts, whether or not we could note that it did.
    context.log.error({ err: error, provider }, 'how a provider does could not be kept');
  }
}

function isSilence(answer: unknown): boolean {
  if (answer === 'unknown') return true;
  if (typeof answer !== 'object' || answer === null) return false;
  return ('status' in answer && answer.status === 'unknown') || isBadProbe(answer);
}

function isBadProbe(answer: object): boolean {
  return 'answers' in answer && answer.answers === false;
}

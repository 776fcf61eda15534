/**
 * The page's answer, kept for some seconds: whatever many ask at once, a process reads it once. An operator's own change
 * shows at once in the process that made it, in others when their copy is that old.
 */
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import { readSetting } from '../settings/index.ts';
import { readStatus, type Status } from './operations/read-status.ts';

const keptMs = 15_000;

export interface StatusBoard {
  /** @throws Refusal `not_found` where operators keep the page to themselves. */
  read(context: Context): Promise<Status>;
  forget(): void;
}

/** `offered` answers the models that can be called. */
export function createStatusBoard(offered: () => ReadonlySet<string>): StatusBoard {
  let kept: { atMs: number; status: Promise<Status | undefined> } | undefined;
  const load = async (context: Context) =>
    (await readSetting(context.database, 'public_status'))
      ? readStatus(context, offered())
      : undefined;
  return {
    async read(context) {
      const nowMs = performance.now();
      if (!kept || nowMs - kept.atMs > keptMs) {
        const loading = { atMs: nowMs, status: load(context) };
        kept = loading;
        // A failure is not kept: the next to ask tries again.
        loading.status.catch(() => {
          if (kept === loading) kept = undefined;
        });
      }
      const status = await kept.status;
      if (!status) throw new Refusal('not_found', 'The status page is not public here.');
      return status;
    },
    forget() {
      kept = undefined;
    },
  };
}

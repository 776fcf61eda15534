import type { Context } from '../../platform/context.ts';

/** A kind of operation that the deployment can take up again by itself. */
export interface Resumable {
  kind: string;
  /** Runs it again with what it was begun with, through `runOperation` and under the same key. */
  resume(context: Context, operation: { key: string; input: unknown }): Promise<unknown>;
}

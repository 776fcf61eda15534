/** The worker's side of `token-counter.ts`. */
import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { surfaceNamed } from './core/surfaces.ts';
import type { CountAnswer, CountTask } from './token-counter.ts';

// Text of a caller may contain what looks like a control token; it is text.
const options = { disallowedSpecial: new Set<string>() };

/** Beyond this many characters the rest is extrapolated. */
const countedLengthMax = 1_000_000;

function countText(text: string): number {
  const counted = text.slice(0, countedLengthMax);
  const tokens = countTokens(counted, options);
  return Math.ceil((tokens * text.length) / Math.max(counted.length, 1));
}

parentPort?.on('message', (task: CountTask) => {
  const tokens = 'text' in task ? countText(task.text) : countRequest(task);
  parentPort?.postMessage({ id: task.id, tokens } satisfies CountAnswer);
});

function countRequest(task: { surface: string; request: Uint8Array }): number {
  const body = Buffer.from(task.request).toString('utf8');
  return surfaceNamed(task.surface)?.countInput(body, countText) ?? countText(body);
}

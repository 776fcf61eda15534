/** Operations that take long: how far they are, stopped and taken up from the command line. */
import {
  findOperationShown,
  listOperations,
  resumeOperation,
  type ShownOperation,
  stopOperation,
  takeUpOperation,
} from '../../domains/jobs/index.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import { resumables } from '../../wiring/jobs.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

const listedMax = 50;

export const jobsList: Command = {
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const open = await listOperations(context(), { limit: listedMax, open: true }, resumables);
      const all = await listOperations(context(), { limit: listedMax }, resumables);
      const done = all.data.filter(({ state }) => state === 'done');
      const operations = [...open.data, ...done];
      for (const operation of operations) line.say(describe(operation));
      const running = open.data.filter(({ state }) => state === 'running').length;
      return {
        ok: true,
        sentence:
          operations.length === 0
            ? 'Nothing long has run in the last 30 days.'
            : `${running} running, ${open.data.length - running} waiting for somebody, ${done.length} done.`,
        details: { operations },
      };
    }),
};

export const jobsStop: Command = {
  run: (line) =>
    withOperation(line, async (context, id) => {
      await stopOperation(context, id);
      const operation = await follow(line, context, id);
      return operation.state === 'stopped'
        ? { ok: true, sentence: `${operation.title} has stopped.`, details: { operation } }
        : ended(operation);
    }),
};

export const jobsResume: Command = {
  run: (line) =>
    withOperation(line, async (context, id) => {
      await resumeOperation(context, id, resumables);
      // A server may be quicker: then it is followed there.
      const here = takeUpOperation(context, id, resumables);
      const operation = await follow(line, context, id);
      await here;
      return ended(operation);
    }),
};

function withOperation(
  line: CommandLine,
  work: (context: Context, id: string) => Promise<Outcome>,
): Promise<Outcome> {
  const [id, ...more] = line.rest;
  if (id === undefined || more.length > 0) {
    const sentence = 'Name one operation, such as opn_…: sluice jobs list shows them.';
    return Promise.resolve({ ok: false, sentence });
  }
  return withDeployment(line, async ({ context }) => {
    try {
      return await work(context(), id);
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, sentence: error.message };
      throw error;
    }
  });
}

function ended(operation: ShownOperation): Outcome {
  const { state, title, error } = operation;
  const details = { operation };
  if (state === 'done') return { ok: true, sentence: `${title} is done.`, details };
  const why = error === null ? '' : `: ${error}`;
  return { ok: false, sentence: `${title} is ${state}${why}.`, details };
}

const lookEveryMs = 1000;
const moving: ReadonlySet<string> = new Set(['running', 'stopping', 'resuming']);

/** Says how far it is, once a second, until nobody is at it any more. */
async function follow(line: CommandLine, context: Context, id: string): Promise<ShownOperation> {
  let said = '';
  for (;;) {
    const operation = await findOperationShown(context, id, resumables);
    const now = describe(operation);
    if (now !== said) line.say(now);
    said = now;
    if (!moving.has(operation.state)) return operation;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function describe({ id, kind, title, state, stage, ...shown }: ShownOperation): string {
  const { done, total, seconds_left: left, error } = shown;
  const part = stage === null ? '' : `${stage} `;
  const progress = total === null ? `${part}${done}` : `${part}${done} of ${total}`;
  const time = left === null ? '' : `, about ${left} s left`;
  const why = error === null ? '' : `: ${error}`;
  return `  ${id}  ${kind} ${title}  ${state}, ${progress}${time}${why}`;
}

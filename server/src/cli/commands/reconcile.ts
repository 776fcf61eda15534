import {
  createReconciliation,
  listReconciliations,
  readReconciliation,
  reconcileDays,
} from '../../domains/payments/index.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Command, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

const daysShown = 100;

export const reconcileCommand: Command = {
  run(line) {
    const [provider, date, ...more] = line.rest;
    const isNamed = provider !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date ?? '');
    if (more.length > 0 || (provider !== undefined && !isNamed)) {
      const sentence = 'Name a provider and a day, such as: sluice reconcile stripe 2026-03-04.';
      return Promise.resolve({ ok: false, sentence });
    }
    return withDeployment(line, async ({ context }) => {
      try {
        return isNamed && date
          ? await reconcileDay(context(), { provider, date })
          : await reconcileDue(context(), line.say);
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, sentence: error.message };
        throw error;
      }
    });
  },
};

async function reconcileDay(
  context: Context,
  day: { provider: string; date: string },
): Promise<Outcome> {
  const id = await createReconciliation(context, day);
  const found = await readReconciliation(context, id);
  const { status, counts } = found;
  const details = { reconciliation: found };
  const name = `${day.provider} on ${day.date}`;
  if (status !== 'done') {
    return { ok: false, sentence: `There is no statement of ${name} yet (${status}).`, details };
  }
  return counts.open === 0
    ? { ok: true, sentence: `${name}: ${counts.matched} matched, nothing open.`, details }
    : { ok: false, sentence: `${name}: ${counts.open} differences are open.`, details };
}

async function reconcileDue(context: Context, say: (text: string) => void): Promise<Outcome> {
  const runs = await reconcileDays(context);
  const { data } = await listReconciliations(context, { limit: daysShown });
  const open = data.filter(({ counts, status }) => counts.open > 0 || status === 'failed');
  for (const { provider, date, counts, status } of open) {
    say(`${provider} on ${date}: ${counts.open} differences open (${status}).`);
  }
  const details = { runs, open };
  return open.length === 0
    ? { ok: true, sentence: `${runs} days were compared; nothing is open.`, details }
    : { ok: false, sentence: `${runs} days were compared; ${open.length} need a person.`, details };
}

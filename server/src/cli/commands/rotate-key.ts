/**
 * Seals every secret anew under today's `SLUICE_SECRET_KEY`, while servers run. It may be interrupted and run again: what
 * is sealed anew already is passed over.
 */
import { runOperation } from '../../domains/jobs/index.ts';
import type { Context } from '../../platform/context.ts';
import {
  countOthers,
  type Resealed,
  resealColumn,
  type SealedColumn,
} from '../../platform/sealed-columns.ts';
import { sealedColumns } from '../../wiring/sealed.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';
import { withDeployment } from '../open.ts';

export const rotateKey: Command = {
  run: (line) =>
    withDeployment(line, async ({ context }) => {
      const found = context();
      const { database, sealer } = found;
      const { keyId } = sealer;
      const isTrial = line.options['dry-run'] === true;
      const done = isTrial ? { resealed: 0, unreadable: 0 } : await resealAll(line, found);
      let others = 0;
      for (const column of sealedColumns) {
        const left = await countOthers(database, sealer, column);
        others += left;
        if (left > 0) line.say(`  ${nameOf(column)}: ${left} under another key`);
      }
      return outcomeOf({ keyId, ...done, others });
    }),
};

/** Told of while it goes on, and stopped behind a batch: run again, it goes on where it was. */
async function resealAll(line: CommandLine, context: Context): Promise<Resealed> {
  const { database, sealer } = context;
  let total = 0;
  for (const column of sealedColumns) total += await countOthers(database, sealer, column);
  const begun = { kind: 'platform.key_rotation', key: 'secrets', title: sealer.keyId, total };
  return runOperation(context, begun, async (operation) => {
    const all: Resealed = { resealed: 0, unreadable: 0 };
    for (const column of sealedColumns) {
      if (operation.isStopping) break;
      const before = all.resealed;
      const done = await resealColumn(database, sealer, column, ({ resealed }) =>
        operation.advance({ done: before + resealed, total }),
      );
      all.resealed += done.resealed;
      all.unreadable += done.unreadable;
      await operation.advance({ done: all.resealed, total });
      if (done.resealed > 0) line.say(`  ${nameOf(column)}: ${done.resealed} sealed anew`);
      if (done.unreadable > 0) {
        line.say(`  ${nameOf(column)}: ${done.unreadable} that no key opens`);
      }
    }
    return all;
  });
}

function nameOf({ table, column }: SealedColumn): string {
  return `${table}.${column}`;
}

interface Rotated {
  keyId: string;
  resealed: number;
  others: number;
  unreadable: number;
}

function outcomeOf({ keyId, resealed, others, unreadable }: Rotated): Outcome {
  const details = { key_id: keyId, resealed, under_other_keys: others, unreadable };
  if (others === 0) {
    return {
      ok: true,
      sentence: `Every secret is sealed under the key ${keyId} (${resealed} anew). Once no server runs with another SLUICE_SECRET_KEY, SLUICE_SECRET_KEY_PREVIOUS can go.`,
      details,
    };
  }
  const advice =
    unreadable > 0
      ? `No key that was given opens ${unreadable} of them: add theirs to SLUICE_SECRET_KEY_PREVIOUS.`
      : 'Keep SLUICE_SECRET_KEY_PREVIOUS, and run "sluice rotate-key" (again) once every server has the new key.';
  return {
    ok: false,
    sentence: `${others} secrets are not sealed under the key ${keyId}. ${advice}`,
    details,
  };
}

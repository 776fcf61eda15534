import { type Check, count, fail, lasting, ok, warn } from '../../platform/checks.ts';
import { countHolds, findVerification } from './watch-store.ts';

/** It is verified every hour. */
const verifiedWithinMs = 2 * 3_600_000;

export const accessChecks: readonly Check[] = [
  {
    name: 'ledger',
    async run({ database, clocks }) {
      const found = await findVerification(database);
      if (!found) return [ok('The ledger was not verified yet: a server does so every hour.')];
      if (found.problems > 0) {
        return [
          fail(
            `The last verification of the ledger found ${count(found.problems, 'problem')}.`,
            'Run "sluice ledger verify": it names them.',
          ),
        ];
      }
      const ago = clocks.wall().getTime() - found.verifiedAt.getTime();
      const sentence = `The ledger was whole ${lasting(ago)} ago.`;
      const advice = 'See that a server runs, and its log for "access.watch_ledger".';
      return [ago > verifiedWithinMs ? warn(sentence, advice) : ok(sentence)];
    },
  },
  {
    name: 'holds',
    async run({ database, clocks }) {
      const { open, expired } = await countHolds(database, clocks.wall());
      return expired === 0n
        ? [ok(`${count(open, 'call')} in flight hold funds.`)]
        : [
            warn(
              `${count(expired, 'expired hold')} were not given back.`,
              'Start a server: each gives them back every 15 seconds.',
            ),
          ];
    },
  },
];

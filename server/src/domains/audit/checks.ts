import { type Check, count, fail, ok } from '../../platform/checks.ts';
import { verifyTail } from './operations/verify-tail.ts';

const bounds = { chainsMax: 200, entriesMax: 200 };

export const auditChecks: readonly Check[] = [
  {
    name: 'audit log',
    async run(context) {
      const { chains, entries, problems } = await verifyTail(context, bounds);
      const [first] = problems;
      if (!first) {
        const seen = `${entries} of its newest entries, of ${count(chains, 'chain')}`;
        return [ok(`The end of the audit log is whole: ${seen}.`)];
      }
      return [
        fail(
          `The audit log has ${count(problems.length, 'problem')}: ${first.kind} in ${first.chain}.`,
          'Run "sluice audit verify": it reads all of the log, and names every one.',
        ),
      ];
    },
  },
];

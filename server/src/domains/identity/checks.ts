import { type Check, fail, ok } from '../../platform/checks.ts';
import { hasAdmin } from './operations/create-admin.ts';

export const identityChecks: readonly Check[] = [
  {
    name: 'operators',
    async run({ database }) {
      return (await hasAdmin(database))
        ? [ok('There is an operator.')]
        : [fail('There is no operator.', 'Run "sluice create-admin --email …".')];
    },
  },
];

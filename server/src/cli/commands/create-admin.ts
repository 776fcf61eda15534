import { createAdmin } from '../../domains/identity/index.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';

export const createAdminCommand: Command = {
  async run(line) {
    const email = line.options.email ?? line.config.adminEmail;
    if (typeof email !== 'string') {
      return {
        ok: false,
        sentence: 'Name the operator: sluice create-admin --email ada@example.com.',
      };
    }
    return withDeployment(line, async ({ context }) => {
      const made = await createAdmin(context(), { email, password: line.config.adminPassword });
      const secret =
        made.generatedPassword === undefined
          ? ''
          : ` Password, shown once: ${made.generatedPassword}`;
      return {
        ok: true,
        sentence: `${email} may sign in as an operator.${secret}`,
        details: { email, password: made.generatedPassword },
      };
    });
  },
};

import { openServices } from '../../main.ts';
import type { Command } from '../command.ts';
import { withDeployment } from '../open.ts';
import { seedDeployment } from '../seed/seed-deployment.ts';

export const seed: Command = {
  run: (line) =>
    withDeployment(line, async (deployment) => {
      const services = await openServices(deployment);
      try {
        const [operator] = await seedDeployment(deployment, services, undefined);
        const secret = operator
          ? ` ${operator.email} may sign in; password, shown once: ${operator.password}`
          : '';
        return { ok: true, sentence: `The deployment has what it begins with.${secret}` };
      } finally {
        await services.access.close();
        await services.keyring.close();
      }
    }),
};

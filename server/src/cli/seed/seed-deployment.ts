/** What a deployment begins with: prices, the first operator, and in a sandbox a small believable company. */
import { seedModelPrices } from '../../domains/catalog/index.ts';
import { createAdmin, hasAdmin } from '../../domains/identity/index.ts';
import type { Deployment, Services } from '../../main.ts';
import { moveSandboxClock } from '../../platform/http/sandbox-proxy.ts';
import type { SandboxReady } from '../../platform/sandbox-process.ts';
import { seedSandbox } from './seed-sandbox.ts';
import { keepSignIn, readSignIns, type SignIn } from './sign-ins.ts';

const sandboxAdminEmail = 'operator@sluice.test';

/** Does what is still to be done, at every start; answers the sign-ins that a person may be shown. */
export async function seedDeployment(
  deployment: Deployment,
  services: Services,
  sandbox: SandboxReady | undefined,
): Promise<readonly SignIn[]> {
  const context = deployment.context();
  if ((await seedModelPrices(context)) > 0) await services.prices.load();
  const operator = await seedAdmin(deployment);
  if (!sandbox) return operator ? [operator] : [];
  await moveSandboxClock(context.clocks.business());
  await seedSandbox(deployment, services, sandbox);
  return readSignIns(context.config);
}

/** The first operator comes from the environment; the generated password of one is shown once in live mode. */
async function seedAdmin(deployment: Deployment): Promise<SignIn | undefined> {
  const context = deployment.context();
  const { config } = context;
  if (await hasAdmin(context.database)) return undefined;
  const email = config.adminEmail ?? (config.mode === 'sandbox' ? sandboxAdminEmail : undefined);
  if (email === undefined) {
    context.log.warn(
      'there is no operator yet: set SLUICE_ADMIN_EMAIL, or run "sluice create-admin"',
    );
    return undefined;
  }
  const { generatedPassword } = await createAdmin(context, {
    email,
    password: config.adminPassword,
  });
  const password = generatedPassword ?? 'as set in SLUICE_ADMIN_PASSWORD';
  const signIn: SignIn = { who: 'Operator', email, password };
  if (config.mode === 'sandbox') keepSignIn(config, signIn);
  return signIn;
}

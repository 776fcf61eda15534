/** Three customers and their last four weeks, made by the same operations that real ones use. */
import { createAccess } from '../../domains/access/index.ts';
import { listPackages } from '../../domains/catalog/index.ts';
import { createApiKey, createVerifiedUser } from '../../domains/identity/index.ts';
import { recordManualPayment } from '../../domains/invoicing/index.ts';
import { rate } from '../../domains/metering/index.ts';
import { purchasePackage } from '../../domains/subscriptions/index.ts';
import type { Deployment, Services } from '../../main.ts';
import type { Context, Platform } from '../../platform/context.ts';
import { newSecret } from '../../platform/crypto.ts';
import { invariant } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { type DemoUse, seedApplication } from './demo-application.ts';
import { type DemoCall, demoCalls } from './demo-usage.ts';
import { keepSignIn } from './sign-ins.ts';

interface DemoCustomer {
  email: string;
  name: string;
  /** What was paid into the wallet, and how many days ago; the first before any call. */
  topUps: readonly { amount: string; daysAgo: number }[];
  /** Which package, in the order they are sold, was bought how many days ago. */
  package: { position: number; daysAgo: number } | undefined;
  /** Calls of a working day. */
  busy: number;
  /** Its plan of the medical application, and how much it uses that. */
  medical?: { plan: string; analysesPerDay: number };
}

const customers: readonly DemoCustomer[] = [
  {
    email: 'demo@sluice.test',
    name: 'Ada Chen',
    topUps: [{ amount: '60.00', daysAgo: 28 }],
    package: { position: 0, daysAgo: 24 },
    busy: 26,
    medical: { plan: 'medical-pro', analysesPerDay: 24 },
  },
  {
    email: 'lin@harbor.test',
    name: 'Harbor Translations',
    topUps: [
      { amount: '120.00', daysAgo: 28 },
      { amount: '80.00', daysAgo: 9 },
    ],
    package: { position: 1, daysAgo: 12 },
    busy: 40,
  },
  {
    email: 'sam@kite.test',
    name: 'Kite Studio',
    topUps: [
      { amount: '25.00', daysAgo: 28 },
      { amount: '15.00', daysAgo: 3 },
    ],
    package: undefined,
    busy: 9,
    // More than the plan gives: there is a violation to look at.
    medical: { plan: 'medical-free', analysesPerDay: 2 },
  },
];
const days = 27;
const dayMs = 86_400_000;
const holdMs = 600_000;

export async function seedCompany(deployment: Deployment, services: Services): Promise<void> {
  const now = deployment.platform.clocks.business();
  const uses: DemoUse[] = [];
  for (const [index, customer] of customers.entries()) {
    const made = await seedCustomer(deployment, services, { customer, now, seed: index + 1 });
    if (made && customer.medical) uses.push({ ...made, ...customer.medical });
  }
  await seedApplication(deployment, services, {
    uses,
    days,
    at: (agoMs) => contextAt(deployment, new Date(now.getTime() - agoMs)),
  });
}

async function seedCustomer(
  deployment: Deployment,
  services: Services,
  { customer, now, seed }: { customer: DemoCustomer; now: Date; seed: number },
): Promise<{ organizationId: string } | undefined> {
  const began = contextAt(deployment, daysBefore(now, days + 1));
  const password = newSecret('demo-').slice(0, 17);
  const made = await createVerifiedUser(began, {
    email: customer.email,
    name: customer.name,
    password,
  });
  if (!made) return undefined;
  if (seed === 1) keepSignIn(began.config, { who: 'Customer', email: customer.email, password });
  const { organizationId, userId } = made;
  const key = await createApiKey(began, {
    organizationId,
    userId,
    name: 'production',
    expiresAt: null,
    allowedModels: null,
  });
  for (const { amount, daysAgo } of customer.topUps) {
    const paid = contextAt(deployment, daysBefore(now, daysAgo));
    await recordManualPayment(paid, {
      organizationId,
      amount,
      currency: paid.config.usageCurrency,
      invoiceId: undefined,
      note: 'Bank transfer',
    });
  }
  if (customer.package) {
    const bought = contextAt(deployment, daysBefore(now, customer.package.daysAgo));
    const { data } = await listPackages(bought, { limit: 10, status: 'active' });
    const offer = data[customer.package.position];
    if (offer)
      await purchasePackage(bought, {
        organizationId,
        packageId: offer.id,
        provider: 'wallet',
        returnUrl: undefined,
      });
  }
  const calls = demoCalls(now, { days, busy: customer.busy, seed });
  await makeCalls(deployment, services, { organizationId, apiKeyId: key.id, now, calls });
  return { organizationId };
}

interface Month {
  organizationId: string;
  apiKeyId: string;
  now: Date;
  calls: readonly DemoCall[];
}

/** One after the other, each at its own instant: the clock of this little past is ours to set. */
async function makeCalls(
  { platform, directUrl }: Deployment,
  services: Services,
  month: Month,
): Promise<void> {
  let at = month.now;
  const clocks = { wall: () => at, business: () => at };
  const access = createAccess({ ...platform, clocks }, { url: directUrl });
  try {
    for (const call of month.calls) {
      at = new Date(month.now.getTime() - call.agoMs);
      const price = services.prices.priceOf(call.model, at);
      invariant(price, `${call.model} is in the price book`);
      const usage = { ...call, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };
      const { amount } = rate(price, usage);
      const shared = {
        requestId: newId('req', at),
        organizationId: month.organizationId,
        apiKeyId: month.apiKeyId,
        userId: null,
        costCenterId: null,
        applicationId: null,
        meters: [],
        model: call.model,
        priceId: price.id,
        authorizedAt: at,
      };
      const expiresAt = new Date(at.getTime() + holdMs);
      const answer = await access.authorize({
        ...shared,
        worstCase: amount,
        minimum: amount,
        tokens: usage.inputTokens + usage.outputTokens,
        expiresAt,
        durable: false,
      });
      if (!answer.permitted) continue;
      at = new Date(at.getTime() + call.latencyMs);
      const { latencyMs, firstTokenMs } = call;
      await access.settle({
        ...shared,
        channel: null,
        tags: [],
        amount,
        usage,
        outcome: 'completed',
        latencyMs,
        firstTokenMs,
      });
    }
  } finally {
    await access.close();
  }
}

function contextAt(deployment: Deployment, at: Date): Context {
  const platform: Platform = {
    ...deployment.platform,
    clocks: { wall: () => at, business: () => at },
  };
  return { ...deployment.context(), ...platform };
}

function daysBefore(now: Date, count: number): Date {
  return new Date(now.getTime() - count * dayMs);
}

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
import { type DemoPerson, type DemoTeam, seedTeam } from './demo-team.ts';
import { type DemoCall, demoCalls } from './demo-usage.ts';
import { keepSignIn } from './sign-ins.ts';

interface DemoCustomer {
  /** Who signed up, by name. */
  owner: string;
  /** What was paid into the wallet, and how many days ago; the first before any call. */
  topUps: readonly { amount: string; daysAgo: number }[];
  /** Which package, in the order they are sold, was bought how many days ago. */
  package: { position: number; daysAgo: number } | undefined;
  /** Calls of a working day. */
  busy: number;
  /** Pays and calls as this organization of theirs; as their own, when left out. */
  team?: DemoTeam;
  /** Its plan of the medical application, and how much it uses that. */
  medical?: { plan: string; analysesPerDay: number };
}

/** The first is whose sign-in is printed. */
const people = [
  { email: 'demo@sluice.test', name: 'Ada Chen' },
  { email: 'lin@harbor.test', name: 'Lin Marsh' },
  { email: 'noor@harbor.test', name: 'Noor Haddad' },
  { email: 'sam@kite.test', name: 'Kite Studio' },
] as const;

const customers: readonly DemoCustomer[] = [
  {
    owner: 'Ada Chen',
    topUps: [{ amount: '60.00', daysAgo: 28 }],
    package: { position: 0, daysAgo: 24 },
    busy: 26,
    medical: { plan: 'medical-pro', analysesPerDay: 24 },
  },
  {
    owner: 'Lin Marsh',
    topUps: [
      { amount: '120.00', daysAgo: 28 },
      { amount: '80.00', daysAgo: 9 },
    ],
    package: { position: 1, daysAgo: 12 },
    busy: 40,
    team: {
      name: 'Harbor Translations',
      costCenters: [
        { code: '4100', name: 'Contracts' },
        { code: '4200', name: 'Websites' },
      ],
      members: [
        { name: 'Ada Chen', role: 'admin' },
        { name: 'Noor Haddad', role: 'member' },
      ],
      keys: [
        { name: 'contracts', holder: 'Lin Marsh', costCenter: '4100' },
        { name: 'terminology', holder: 'Ada Chen', costCenter: '4100' },
        { name: 'websites', holder: 'Noor Haddad', costCenter: '4200' },
      ],
    },
  },
  {
    owner: 'Kite Studio',
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
  const at = (agoMs: number) => contextAt(deployment, new Date(now.getTime() - agoMs));
  const began = at((days + 1) * dayMs);
  const signedUp = await signUp(began);
  const uses: DemoUse[] = [];
  for (const [index, customer] of customers.entries()) {
    const owner = signedUp.get(customer.owner);
    const colleagues = customer.team?.members ?? [];
    // After a first start that was cut short, what was begun then stays as it is.
    if (!owner || !colleagues.every(({ name }) => signedUp.has(name))) continue;
    const { organizationId, apiKeyIds } = await openCustomer(began, { customer, owner, signedUp });
    await payIn(at, { customer, organizationId });
    const calls = demoCalls(now, { days, busy: customer.busy, seed: index + 1 });
    await makeCalls(deployment, services, { apiKeyIds, now, calls });
    if (customer.medical) uses.push({ organizationId, ...customer.medical });
  }
  await seedApplication(deployment, services, { uses, days, at });
}

/** By name, who had no account yet. */
async function signUp(began: Context): Promise<Map<string, DemoPerson>> {
  const signedUp = new Map<string, DemoPerson>();
  for (const { email, name } of people) {
    const password = newSecret('demo-').slice(0, 17);
    const made = await createVerifiedUser(began, { email, name, password });
    if (made) signedUp.set(name, { ...made, email });
    if (made && email === people[0].email) {
      keepSignIn(began.config, { who: 'Customer', email, password });
    }
  }
  return signedUp;
}

/** The team's organization, or else the owner's own, with the keys that will call. */
async function openCustomer(
  began: Context,
  {
    customer: { team },
    owner,
    signedUp,
  }: { customer: DemoCustomer; owner: DemoPerson; signedUp: ReadonlyMap<string, DemoPerson> },
): Promise<{ organizationId: string; apiKeyIds: string[] }> {
  if (team) return seedTeam(began, { team, owner, signedUp });
  const { organizationId, userId } = owner;
  const key = await createApiKey(began, { organizationId, userId, name: 'production' });
  return { organizationId, apiKeyIds: [key.id] };
}

async function payIn(
  at: (agoMs: number) => Context,
  { customer, organizationId }: { customer: DemoCustomer; organizationId: string },
): Promise<void> {
  for (const { amount, daysAgo } of customer.topUps) {
    const paid = at(daysAgo * dayMs);
    await recordManualPayment(paid, {
      organizationId,
      amount,
      currency: paid.config.usageCurrency,
      invoiceId: undefined,
      note: 'Bank transfer',
    });
  }
  if (!customer.package) return;
  const bought = at(customer.package.daysAgo * dayMs);
  const { data } = await listPackages(bought, { limit: 10, status: 'active' });
  const offer = data[customer.package.position];
  if (!offer) return;
  await purchasePackage(bought, {
    organizationId,
    packageId: offer.id,
    provider: 'wallet',
    returnUrl: undefined,
  });
}

interface Month {
  /** They take turns. */
  apiKeyIds: readonly string[];
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
    const keys = await Promise.all(month.apiKeyIds.map(services.keyring.findById));
    for (const [index, call] of month.calls.entries()) {
      at = new Date(month.now.getTime() - call.agoMs);
      const key = keys[index % keys.length];
      invariant(key, 'a customer has keys');
      const price = services.prices.priceOf(call.model, at);
      invariant(price, `${call.model} is in the price book`);
      const usage = { ...call, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };
      const { amount } = rate(price, usage);
      const shared = {
        requestId: newId('req', at),
        organizationId: key.organizationId,
        apiKeyId: key.apiKeyId,
        userId: key.userId,
        costCenterId: key.costCenterId,
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

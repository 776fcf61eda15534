/**
 * Payments in bad weather: customers pay through every provider while notifications are copied, delayed, dropped and
 * forged, calls are cut, and one of two servers is killed and started anew. Then the weather clears, time passes, and
 * what came of it is held against what was paid.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import { createAdmin, createVerifiedUser } from '../../server/src/domains/identity/index.ts';
import { changeSettings } from '../../server/src/domains/settings/index.ts';
import { type Deployment, openDeployment } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { countMatched, isSettled, judge, numberOf, type Played, readEndings } from './judge.ts';
import { type Line, openLine } from './line.ts';
import { begin, createPayer, giveBack, type Payer, payThere } from './payer.ts';
import { setUpProviders } from './providers.ts';
import { customersMax, type Plan, planOf, type Scale } from './story.ts';

export interface Outcome {
  findings: string[];
  /** The same for the same seed and scale. */
  digest: string;
  /** Payments by provider and ending. */
  endings: ReadonlyMap<string, number>;
  mishaps: ReadonlyMap<string, number>;
  /** Lines of statements that were matched, by provider. */
  matched: ReadonlyMap<string, number>;
}

interface World {
  scale: Scale;
  line: Line;
  sandbox: Sandbox;
  deployment: Deployment;
  fleet: Fleet;
  providers: string[];
  customers: { organizationId: string; payer: Payer }[];
  operator: Payer;
  directUrl: string;
}

const secretKey = 'a secret of the simulation, longer than 32 characters';
const password = 'correct horse battery';
const operatorOf = { email: 'operator@example.com', password };
const lanes = 16;
const serversCount = 2;
const tickMs = 500;
const minuteMs = 60_000;
const downMs = 1_500;
const roundsMax = 80;

export async function simulatePayments(
  scale: Scale,
  place: { databaseUrl: string; dataDir: string; tell?: (sentence: string) => void },
): Promise<Outcome> {
  const tell = place.tell ?? (() => undefined);
  const world = await openWorld(scale, place);
  try {
    tell(`${scale.payments} payments through ${world.providers.join(', ')}`);
    const played = await weather(world, tell);
    world.line.calm();
    await clear(world, played, tell);
    const { database } = world.deployment.platform;
    return {
      findings: await judge(database, played),
      ...(await tellStory(world, played)),
      mishaps: world.line.counts,
      matched: await countMatched(database),
    };
  } finally {
    await closeWorld(world);
  }
}

async function openWorld(
  scale: Scale,
  { databaseUrl, dataDir }: { databaseUrl: string; dataDir: string },
): Promise<World> {
  const line = await openLine(scale.seed);
  const sandbox = await startSandbox({
    ...{ port: 0, smtpPort: 0, publicUrl: line.url, dataDir },
    notifyRetryMs: 250,
  });
  line.leadTo(sandbox.port);
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    SLUICE_SECRET_KEY: secretKey,
    SLUICE_PUBLIC_URL: line.url,
    SLUICE_DATA_DIR: dataDir,
    SLUICE_MODE: 'sandbox',
  });
  const deployment = await openDeployment(config, databaseUrl, createLog('fatal'));
  const context = deployment.context();
  await changeSettings(context, { payment_notifications_per_hour: 10_000_000 });
  const providers = await setUpProviders(context, sandbox, line.url);
  const people = Array.from({ length: customersMax }, (_, index) => ({
    email: `customer-${index}@example.com`,
    password,
  }));
  const customers = await Promise.all(
    people.map(async (person, index) => {
      const created = await createVerifiedUser(context, { ...person, name: `Customer ${index}` });
      if (!created) throw new Error(`${person.email} is taken`);
      return { organizationId: created.organizationId, payer: createPayer(line.url, person) };
    }),
  );
  await createAdmin(context, operatorOf);
  const operator = createPayer(line.url, operatorOf);
  const fleet = await openFleet(serversCount, { databaseUrl, publicUrl: line.url, secretKey });
  line.serve(fleet.ports());
  const directUrl = `http://127.0.0.1:${sandbox.port}`;
  return { scale, line, sandbox, deployment, fleet, providers, customers, operator, directUrl };
}

async function closeWorld({ fleet, sandbox, deployment, line }: World): Promise<void> {
  await fleet.close();
  await sandbox.close();
  await deployment.close();
  await line.close();
}

/** Time passes for us and for the providers alike, and what is due is done. */
async function pass({ fleet, directUrl }: World, ms: number): Promise<string[]> {
  const to = new Date(Date.now() + fleet.offsetMs() + ms).toISOString();
  const [failures] = await Promise.all([
    fleet.pass(ms),
    fetch(`${directUrl}/sandbox/clock`, { method: 'POST', body: JSON.stringify({ to }) }),
  ]);
  return failures;
}

/** Every payment is made, while everything goes wrong that can. */
async function weather(world: World, tell: (sentence: string) => void): Promise<Played[]> {
  const { scale, providers } = world;
  const plans = Array.from({ length: scale.payments }, (_, index) =>
    planOf(scale.seed, index, providers),
  );
  const killAt = Math.floor(scale.payments / 2);
  const played: Played[] = [];
  const queue = plans.values();
  let isOver = false;
  const passing = (async () => {
    while (!isOver) {
      await wait(tickMs);
      // What fails in bad weather is tried again.
      await pass(world, minuteMs / 3);
    }
  })();
  let accident: Promise<void> | undefined;
  const lane = async () => {
    for (const plan of queue) {
      if (plan.index === killAt) accident = crash(world, tell);
      played.push(await play(world, plan));
      if (played.length % 200 === 0) tell(`${played.length} payments made`);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
    await accident;
  } finally {
    isOver = true;
    await passing;
  }
  return played.sort((a, b) => a.plan.index - b.plan.index);
}

/** One server is killed over whatever it does just then; another is started in its place. */
async function crash({ fleet, line }: World, tell: (sentence: string) => void): Promise<void> {
  await fleet.kill(1);
  line.serve(fleet.ports());
  tell('a server was killed');
  await wait(downMs);
  await fleet.start(1);
  line.serve(fleet.ports());
  tell('another was started');
}

async function play(world: World, plan: Plan): Promise<Played> {
  const customer = world.customers[plan.customer];
  if (!customer) throw new Error(`there is no customer ${plan.customer}`);
  const begun = await begin(customer.payer, plan);
  const number = await numberOf(world.deployment.platform.database, begun.paymentId);
  const { directUrl, line } = world;
  await payThere(plan, { ...begun, number }, { directUrl, lineUrl: line.url });
  if (plan.ends === 'refunded') await giveBack(world.operator, plan, begun.paymentId);
  return { plan, organizationId: customer.organizationId, paymentId: begun.paymentId };
}

/** The weather clears: what was dropped is told again or asked about, and the day's statements come. */
async function clear(
  world: World,
  played: readonly Played[],
  tell: (sentence: string) => void,
): Promise<void> {
  const { database } = world.deployment.platform;
  const failures = new Set<string>();
  const isOpen = async () => {
    const endings = await readEndings(database);
    return !played.every((each) => isSettled(each, endings.get(each.paymentId)));
  };
  let rounds = 0;
  for (; rounds < roundsMax && (await isOpen()); rounds += 1) await pass(world, 5 * minuteMs);
  tell(`all money was found, or was back, after ${rounds} more rounds of five minutes`);
  // Past the day that it was, everywhere on earth, the hours that statements take, and the orders' term.
  for (let hours = 0; hours < 96; hours += 8) {
    for (const failure of await pass(world, 8 * 60 * minuteMs)) failures.add(failure);
  }
  for (const failure of failures) tell(`a job failed in good weather: ${failure}`);
}

async function tellStory(
  { deployment }: World,
  played: readonly Played[],
): Promise<Pick<Outcome, 'digest' | 'endings'>> {
  const all = await readEndings(deployment.platform.database);
  const endings = new Map<string, number>();
  const facts = played.map(({ plan, paymentId }) => {
    const { status = 'none', counted = 0, refunds = [] } = all.get(paymentId) ?? {};
    const came = counted > 0 ? 'paid' : 'not paid';
    const key = `${plan.provider}: ${plan.ends}, ${came}`;
    endings.set(key, (endings.get(key) ?? 0) + 1);
    const { index, provider, amountMinor, ends, isSilent } = plan;
    return [index, provider, amountMinor, ends, isSilent, status, counted, ...refunds];
  });
  const digest = createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 16);
  return { digest, endings: new Map([...endings].sort()) };
}

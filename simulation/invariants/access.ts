/**
 * Nobody is served without an entitlement, and nobody who paid is left without: what subscriptions say, what
 * entitlements hold, and what access answers when it is asked are one.
 */
import type { Database } from '../../server/src/platform/database/pool.ts';
import type { Customer } from '../customer.ts';
import type { Random } from '../random.ts';
import { count, find, type Story } from '../story.ts';
import { readSubscriptions } from './read.ts';
import type { PlanRow, SubscriptionRow, Tables } from './rows.ts';

const inForce = new Set(['trialing', 'active', 'past_due', 'canceled']);

/** Organizations whose subscription entitles them now, by the plan that it does. */
export async function entitledNow({ world }: Story): Promise<Map<string, string>> {
  const now = world.now();
  const subscriptions = await readSubscriptions(world.deployment.platform.database);
  return new Map(
    subscriptions
      .filter((subscription) => isEntitled(subscription, now))
      .map(({ organization_id, plan_id }) => [organization_id, plan_id]),
  );
}

/** A period that is over waits an hour for late usage before it is billed, and its plan stays meanwhile. */
const renewing = new Set(['active', 'past_due']);
const graceMs = 3_600_000;

function isEntitled({ status, is_suspended, period_to }: SubscriptionRow, now: Date): boolean {
  const lastsMs = period_to.getTime() + (renewing.has(status) ? graceMs : 0);
  return inForce.has(status) && !is_suspended && lastsMs > now.getTime();
}

/** Every organization against its plan in force. */
export async function judgeEntitlements(
  story: Story,
  entitled: ReadonlyMap<string, string>,
): Promise<void> {
  const { world, customers } = story;
  const now = world.now();
  const plans = await readPlans(world.deployment.platform.database);
  const held = new Map(
    plans
      .filter(({ starts_at, ends_at }) => starts_at <= now && now < ends_at)
      .map(({ organization_id, plan_id }) => [organization_id, plan_id]),
  );
  for (const { organizationId, index } of customers) {
    const [owed, has] = [entitled.get(organizationId), held.get(organizationId)];
    if (owed === has) continue;
    find(story, `customer ${index} should have ${owed ?? 'no plan'} and has ${has ?? 'none'}`);
  }
}

/** `ends_at` is `infinity` for a plan without an end, which the driver reads as a number. */
async function readPlans(database: Database): Promise<PlanRow[]> {
  return database
    .withTables<Tables>()
    .selectFrom('entitlements_plans')
    .select(['organization_id', 'plan_id', 'starts_at', 'ends_at'])
    .execute();
}

/** A few customers ask whether they may scan, half of them by their key. */
export async function judgeCalls(
  story: Story,
  {
    entitled,
    random,
    calls,
  }: { entitled: ReadonlyMap<string, string>; random: Random; calls: number },
): Promise<void> {
  if (story.customers.length === 0) return;
  for (let call = 0; call < calls; call += 1) {
    await judgeCall(story, random.pick(story.customers), {
      isEntitled: (customer) => entitled.has(customer.organizationId),
      requestId: `${story.world.now().toISOString()}-${call}`,
      byKey: random.chance(0.5),
    });
  }
}

interface Call {
  isEntitled(customer: Customer): boolean;
  requestId: string;
  byKey: boolean;
}

/** Refusals that a plan in force may meet; the one that none would is `quota_required`. */
const ofThePlan = new Set(['quota_exceeded', 'organization_past_due']);

async function judgeCall(story: Story, customer: Customer, call: Call): Promise<void> {
  const { service } = story.catalog;
  const subject = call.byKey
    ? { api_key: customer.apiKeyId }
    : { external_id: customer.externalId };
  const { status, body } = await service.post('/api/v1/access/authorize', {
    ...{ request_id: call.requestId, subject, estimate: { scans: '1' } },
  });
  const answer = status < 300 ? 'permit' : String(body?.error?.code);
  count(story, `call: ${answer}`);
  if (answer === 'permit') {
    await service.post('/api/v1/access/release', { request_id: call.requestId });
  }
  const isServed = answer === 'permit' || ofThePlan.has(answer);
  if (call.isEntitled(customer) ? !isServed : answer === 'permit') {
    const state = call.isEntitled(customer) ? 'a plan' : 'no plan';
    find(story, `customer ${customer.index} has ${state}, and a call answers ${answer}`);
  }
}

/** How a day passes: customers act in the morning, use and pay in the afternoon, operators correct at night. */
import { signUp } from './customer.ts';
import { entitledNow, judgeCalls, judgeEntitlements } from './invariants/access.ts';
import { correctInvoices, fillWallet, payInvoices } from './paying.ts';
import { type Random, randomOf } from './random.ts';
import type { Story } from './story.ts';
import { changeSomething, subscribe } from './subscribing.ts';
import { useServices } from './using.ts';

const dayMs = 86_400_000;
/** Few instants a day, so that what falls due falls due together and a year takes minutes. */
const minutesOf = { morning: 9 * 60, afternoon: 15 * 60 + 30, night: 22 * 60 };
const minuteMs = 60_000;
/** Of those who have nothing, so many come back on a day. */
const returning = 0.05;
const callsPerDay = 3;

export async function passDay(
  story: Story,
  { day, newcomers }: { day: number; newcomers: number },
): Promise<void> {
  const random = randomOf(story.seed, `day ${day}`);
  const at = (part: keyof typeof minutesOf) =>
    new Date(story.world.startsAt.getTime() + day * dayMs + minutesOf[part] * minuteMs);
  await story.world.moveTo(at('morning'));
  await judgeDay(story, random);
  await actInTheMorning(story, newcomers);
  await story.world.moveTo(at('afternoon'));
  await useServices(story, new Set((await entitledNow(story)).keys()));
  await payInvoices(story);
  await story.world.moveTo(at('night'));
  await correctInvoices(story);
  await judgeDay(story, random);
}

async function actInTheMorning(story: Story, newcomers: number): Promise<void> {
  const entitled = await entitledNow(story);
  for (const customer of story.customers) {
    await fillWallet(story, customer);
    const { habits, random, organizationId } = customer;
    const eagerness = entitled.has(organizationId) ? habits.restlessness : returning;
    if (random.chance(eagerness)) await changeSomething(story, customer);
  }
  for (let newcomer = 0; newcomer < newcomers; newcomer += 1) {
    const customer = await signUp(story, story.customers.length);
    story.customers.push(customer);
    await fillWallet(story, customer);
    if (customer.random.chance(0.9)) await subscribe(story, customer);
  }
}

async function judgeDay(story: Story, random: Random): Promise<void> {
  const entitled = await entitledNow(story);
  await judgeEntitlements(story, entitled);
  await judgeCalls(story, { entitled, random, calls: callsPerDay });
}

/** What happens and what is found wrong while a simulation runs. */
import type { Catalog } from './catalog.ts';
import type { Answer, Json } from './client.ts';
import type { Customer } from './customer.ts';
import type { World } from './world.ts';

export interface Story {
  world: World;
  catalog: Catalog;
  seed: number;
  customers: Customer[];
  /** How often each thing happened, by month. */
  months: Map<string, Map<string, number>>;
  /** Sentences about what must not be, in the order in which they were found. */
  findings: string[];
}

/** Refusals that customers and operators meet in ordinary life; any other is a finding. */
const ordinary = new Set([
  'already_subscribed',
  'coupon_invalid',
  'insufficient_funds',
  'invalid_state',
  'organization_past_due',
  'organization_suspended',
]);

export function count({ world, months }: Story, what: string, times = 1): void {
  const month = world.now().toISOString().slice(0, 7);
  const counts = months.get(month) ?? new Map<string, number>();
  months.set(month, counts.set(what, (counts.get(what) ?? 0) + times));
}

export function find(story: Story, sentence: string): void {
  story.findings.push(`${story.world.now().toISOString()}: ${sentence}`);
}

/** The body of an answer, counted; undefined where it was refused. */
export async function attempt(
  story: Story,
  what: string,
  answer: Answer | Promise<Answer>,
): Promise<Json | undefined> {
  const { status, body } = await answer;
  if (status < 300) {
    count(story, what);
    return body;
  }
  const code = String(body?.error?.code);
  count(story, `${what}: ${code}`);
  if (!ordinary.has(code)) find(story, `${what} was refused: ${JSON.stringify(body)}`);
  return undefined;
}

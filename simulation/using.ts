/** What customers use, reported by the application: most at once, some days late. */
import type { Json } from './client.ts';
import { randomOf } from './random.ts';
import { count, find, type Story } from './story.ts';

const batchMax = 1000;
const hourMs = 3_600_000;
/** Beyond this an event is refused; what is late here always arrives. */
const lateDaysMax = 25;

/** One day of all customers who are served. */
export async function useServices(story: Story, served: ReadonlySet<string>): Promise<void> {
  const now = story.world.now();
  const random = randomOf(story.seed, `use ${now.toISOString()}`);
  const events: object[] = [];
  for (const { externalId, habits, organizationId, index } of story.customers) {
    if (!served.has(organizationId)) continue;
    const report = (meter: string, quantity: string) => {
      const lateHours = random.chance(0.03) ? random.integer(24, lateDaysMax * 24) : 0;
      const time = new Date(now.getTime() - lateHours * hourMs);
      // Before the world began nobody can have used anything.
      if (time < story.world.startsAt) return;
      const id = `${now.toISOString()}-${index}-${events.length}`;
      events.push({ id, time, subject: { external_id: externalId }, meter, quantity });
      if (lateHours > 0) count(story, 'late events');
    };
    const scans = habits.scans === 0 ? 0 : random.integer(0, habits.scans);
    for (let scan = 0; scan < scans; scan += 1) report('scans', '1');
    if (scans > 3) report('storage', `${random.integer(1, 40)}.${random.integer(1, 999)}`);
  }
  for (let from = 0; from < events.length; from += batchMax) {
    await send(story, events.slice(from, from + batchMax));
  }
}

async function send(story: Story, events: readonly object[]): Promise<void> {
  const { service } = story.catalog;
  const { status, body } = await service.post('/api/v1/billing/usage/events', { events });
  if (status !== 200) return find(story, `usage was refused: ${JSON.stringify(body)}`);
  const refused = body.data.filter((answer: Json) => answer.status !== 'accepted');
  count(story, 'events', events.length - refused.length);
  if (refused.length > 0) find(story, `an event was refused: ${JSON.stringify(refused[0])}`);
}

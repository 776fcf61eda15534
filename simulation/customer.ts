/** A customer with habits of its own, which decide what it does on a day. */
import { createVerifiedUser } from '../server/src/domains/identity/index.ts';
import { type Client, done } from './client.ts';
import { type Random, randomOf } from './random.ts';
import type { Story } from './story.ts';

export interface Customer {
  index: number;
  organizationId: string;
  /** By which the application knows it. */
  externalId: string;
  apiKeyId: string;
  client: Client;
  habits: Habits;
  /** Of this customer alone: what others draw changes nothing for it. */
  random: Random;
}

export interface Habits {
  /** From a wallet that is kept full, from one that runs dry, or by transfer for each invoice. */
  pays: 'full_wallet' | 'scarce_wallet' | 'transfer';
  /** How soon after being asked. */
  promptness: 'prompt' | 'late' | 'never';
  /** How likely something is changed on a day. */
  restlessness: number;
  /** Scans on a working day. */
  scans: number;
}

const emailOf = (index: number) => `customer-${index}@example.com`;
const password = 'correct horse battery';
const timeZones = ['UTC', 'UTC', 'Asia/Shanghai', 'America/New_York'];
/** In the seller's country, with the tax inside prices, owing it itself, and outside of all. */
const places = [
  { country: 'DE' },
  { country: 'CN' },
  { country: 'FR', tax_id: 'FR12345678901' },
  { country: 'US' },
];

export async function signUp(story: Story, index: number): Promise<Customer> {
  const { world, catalog } = story;
  const random = randomOf(story.seed, `customer ${index}`);
  const email = emailOf(index);
  const newcomer = { email, name: `Customer ${index}`, password };
  const created = await createVerifiedUser(world.deployment.context(), newcomer);
  if (!created) throw new Error(`${email} is taken`);
  const { organizationId } = created;
  const client = await world.clientOf({ email, password });
  await done(
    client.patch(`/api/v1/organizations/${organizationId}`, { time_zone: random.pick(timeZones) }),
  );
  const place = random.pick(places);
  const details = { legal_name: `Customer ${index} Ltd`, locale: 'en', ...place };
  await done(client.put(`/api/v1/organizations/${organizationId}/billing`, details));
  const key = await done(client.post('/api/v1/api-keys', { name: 'service' }));
  const externalId = `customer-${index}`;
  await done(
    catalog.service.put(`/api/v1/access/subjects/${externalId}`, { organization: organizationId }),
  );
  const habits = habitsOf(random);
  return { index, organizationId, externalId, apiKeyId: key.id, client, habits, random };
}

function habitsOf(random: Random): Habits {
  return {
    pays: random.weighted({ full_wallet: 5, scarce_wallet: 3, transfer: 2 }),
    promptness: random.weighted({ prompt: 6, late: 3, never: 1 }),
    restlessness: random.pick([0.01, 0.03, 0.1]),
    scans: random.pick([0, 2, 5, 12]),
  };
}

/** A thousand customers with a key and a wallet each, prices, and a channel of each dialect. */
import pg from 'pg';
import { createModelPrice } from '../../server/src/domains/catalog/index.ts';
import { createChannel } from '../../server/src/domains/gateway/index.ts';
import { openFunds, postTransfers } from '../../server/src/domains/ledger/index.ts';
import type { Deployment } from '../../server/src/main.ts';
import { newSecret, sha256 } from '../../server/src/platform/crypto.ts';
import { newId } from '../../server/src/platform/ids.ts';

const wallet = { amount: 1_000_000_000_000n, currency: 'USD' };

const channels = [
  { dialect: 'openai' as const, base: '/v1', models: ['gpt-4o-mini', 'text-embedding-3-small'] },
  { dialect: 'anthropic' as const, base: '', models: ['claude-sonnet-4-5'] },
  { dialect: 'gemini' as const, base: '', models: ['gemini-2.5-flash'] },
];

interface Customer {
  organizationId: string;
  userId: string;
  apiKeyId: string;
  secret: string;
}

/** Answers the customers' keys. */
export async function makeCustomers(
  deployment: Deployment,
  { url, count, upstreamPort }: { url: string; count: number; upstreamPort: number },
): Promise<string[]> {
  const context = deployment.context();
  const at = context.clocks.business();
  const customers = Array.from({ length: count }, () => ({
    organizationId: newId('org', at),
    userId: newId('usr', at),
    apiKeyId: newId('key', at),
    secret: newSecret('sk-'),
  }));
  await insertPeople(url, customers, at);
  await context.database.transaction().execute(async (transaction) => {
    for (const { organizationId } of customers) {
      await openFunds(context, transaction, organizationId);
      const posting = {
        debit: 'world',
        credit: 'wallet',
        kind: 'top_up',
        reference: 'bench',
      } as const;
      await postTransfers(context, transaction, organizationId, [{ ...posting, amount: wallet }]);
    }
  });
  const prices = { input: '0.15', cached_input: '0.075', output: '0.6' };
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  for (const { dialect, base, models } of channels) {
    for (const model of models) {
      await createModelPrice(context, { model, prices, max_output_tokens: 16_384 });
    }
    const account = { base_url: `${upstream}${base}`, api_key: 'sk-bench' };
    await createChannel(context, { name: `bench ${dialect}`, dialect, models, ...account });
  }
  return customers.map(({ secret }) => secret);
}

/** Signing up a thousand people would hash a thousand passwords; their rows are written straight. */
async function insertPeople(url: string, customers: Customer[], at: Date): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const users = customers.map(({ userId }) => userId);
  const organizations = customers.map(({ organizationId }) => organizationId);
  const keys = customers.map(({ apiKeyId }) => apiKeyId);
  const hashes = customers.map(({ secret }) => sha256(secret));
  await client.query(
    `insert into identity_users
       (id, email, locale, platform_role, status, password_hash, created_at)
     select id, lower(id) || '@example.com', 'en', 'user', 'active', 'none', $2
     from unnest($1::text[]) as id`,
    [users, at],
  );
  await client.query(
    `insert into identity_organizations
       (id, name, personal_user_id, status, time_zone, created_at)
     select id, 'Bench', owner, 'active', 'UTC', $3
     from unnest($1::text[], $2::text[]) as row (id, owner)`,
    [organizations, users, at],
  );
  await client.query(
    `insert into identity_api_keys
       (id, organization_id, created_by, name, secret_hash, prefix, created_at)
     select id, organization, owner, 'bench', hash, 'sk-bench', $5
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as row (id, organization, owner, hash)`,
    [keys, organizations, users, hashes, at],
  );
  await client.end();
}

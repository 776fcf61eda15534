/** An application with its key, two meters and a hundred customers whom it names by ids of its own. */
import pg from 'pg';
import { openFunds } from '../../server/src/domains/ledger/index.ts';
import type { Deployment } from '../../server/src/main.ts';
import { newSecret, sha256 } from '../../server/src/platform/crypto.ts';
import { newId } from '../../server/src/platform/ids.ts';

export interface World {
  key: string;
  subjects: string[];
}

const customerCount = 100;

export async function makeWorld(deployment: Deployment, url: string): Promise<World> {
  const context = deployment.context();
  const at = context.clocks.business();
  const key = newSecret('ak-');
  const organizations = Array.from({ length: customerCount }, () => newId('org', at));
  const subjects = organizations.map((_, index) => `customer-${index}`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into identity_applications (id, slug, name, status, created_at, updated_at)
     values ('app_bench', 'medical', 'Medical', 'active', $1, $1)`,
    [at],
  );
  await client.query(
    `insert into identity_application_keys
       (id, application_id, created_by, name, secret_hash, prefix, created_at)
     values ('apk_bench', 'app_bench', 'usr_bench', 'bench', $1, 'ak-bench', $2)`,
    [sha256(key), at],
  );
  await client.query(
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     select id, 'Bench', 'active', 'Asia/Shanghai', $2
     from unnest($1::text[]) as id`,
    [organizations, at],
  );
  await client.query(
    `insert into identity_subjects (application_id, external_id, organization_id, created_at)
     select 'app_bench', external_id, organization_id, $3
     from unnest($1::text[], $2::text[]) as row (external_id, organization_id)`,
    [subjects, organizations, at],
  );
  await client.query(
    `insert into catalog_meters (
       id, application_id, application_slug, key, name, aggregation, unit, kind, requires_quota, status, created_at,
       updated_at
     )
     select 'mtr_' || key, 'app_bench', 'medical', key, key, aggregation, 'count', 'flow', false, 'active', $1, $1
     from (values ('analyses', 'count'), ('pages', 'sum')) as row (key, aggregation)`,
    [at],
  );
  await context.database.transaction().execute(async (transaction) => {
    for (const id of organizations) await openFunds(context, transaction, id);
  });
  await client.end();
  return { key, subjects };
}

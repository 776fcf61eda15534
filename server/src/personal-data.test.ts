/**
 * What is kept about a person, on a whole server: the export holds all of it, a deletion leaves none of it but what the
 * law keeps, and the books still prove themselves. Both are held against the database itself, so that a table or column
 * which is added later is not forgotten.
 */
import { globSync, readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from './domains/access/index.ts';
import { verifyAudit } from './domains/audit/index.ts';
import { createAdmin, createVerifiedUser } from './domains/identity/index.ts';
import { createCredential } from './domains/identity/testing/authenticator.ts';
import { codeAt } from './domains/identity/totp.ts';
import { recordManualPayment } from './domains/invoicing/index.ts';
import { type Deployment, openDeployment, openServer, openServices, type Server } from './main.ts';
import { readConfig } from './platform/config.ts';
import { createLog } from './platform/log.ts';
import { createTestDatabase, type TestDatabase } from './platform/testkit/database.ts';

const password = 'correct horse battery';
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Quillfeather';
const ip = '203.0.113.77';

/** What would tell who it was; none of it is a word of anything else. */
const traces = {
  email: 'perpetua.quillfeather@example.com',
  name: 'Perpetua Quillfeather',
  username: 'perpetuaq',
  legalName: 'Quillfeather & Daughter',
  street: '7 Marmalade Lane',
  ip,
  device: 'Quillfeather',
};

let db: TestDatabase;
let deployment: Deployment;
let server: Server;
let userId: string;
let organizationId: string;
let recoveryCodes: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  const config = {
    ...readConfig({}),
    secretKey: 'a secret of the tests, longer than 32 characters',
    databaseUrl: db.url,
  };
  deployment = await openDeployment(config, db.url, createLog('silent'));
  const services = await openServices(deployment);
  server = await openServer(deployment, services, { webDirectory: '/nowhere', leavesJobs: true });
});
afterAll(async () => {
  await server.close();
  await deployment.close();
  await db.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where requests come from: the person, or somebody else. */
let place = { ip, userAgent };
const elsewhere = { ip: '198.51.100.9', userAgent: 'curl/8.11.0' };

async function send(method: Method, path: string, payload?: object, bearer?: string) {
  return server.app.inject({
    ...{ method, url: `/api/v1/${path}`, remoteAddress: place.ip },
    headers: {
      'user-agent': place.userAgent,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
}

/** Somebody who has used everything that a person can use. */
async function person(): Promise<string> {
  const { email, name, username } = traces;
  const registered = await send('POST', 'auth/register', { email, name, username, password });
  expect(registered.statusCode).toBe(201);
  userId = registered.json().user.id;
  organizationId = registered.json().organization.id;
  await sql`update identity_users set email_verified_at = created_at where id = ${userId}`.execute(
    db.database,
  );
  await send('POST', 'auth/login', { login: email, password: 'wrong' });
  await send('POST', 'auth/forgot-password', { email });
  const session = await send('POST', 'auth/login', { login: email, password });
  const bearer = session.json().access_token as string;
  const { secret } = (await send('POST', 'auth/totp/setup', {}, bearer)).json();
  const enabled = await send(
    'POST',
    'auth/totp/enable',
    { totp: codeAt(secret, new Date()) },
    bearer,
  );
  recoveryCodes = enabled.json().recovery_codes;
  expect(recoveryCodes).toHaveLength(10);
  const { options } = (await send('POST', 'me/passkeys/options', {}, bearer)).json();
  const { credential } = createCredential(options, deployment.platform.config.publicUrl);
  const passkey = { name: `${name}’s laptop`, credential };
  expect((await send('POST', 'me/passkeys', passkey, bearer)).statusCode).toBe(201);
  await send('PATCH', 'me', { name: `${name} the Second` }, bearer);
  await send('POST', 'me/email', { email: 'quillfeather.new@example.com', password }, bearer);
  await send('POST', 'api-keys', { name: 'My program' }, bearer);
  const hook = { url: 'https://example.com/hooks', description: `${name}’s`, events: null };
  expect((await send('POST', 'webhook-endpoints', hook, bearer)).statusCode).toBe(201);
  await send('PATCH', `organizations/${organizationId}`, { name: `${name} and friends` }, bearer);
  const details = await send(
    'PUT',
    `organizations/${organizationId}/billing`,
    { legal_name: traces.legalName, address: [traces.street], invoice_email: email },
    bearer,
  );
  expect(details.statusCode).toBe(200);
  await recordManualPayment(deployment.context(), {
    ...{ organizationId, amount: '10', currency: 'USD', invoiceId: undefined, note: 'cash' },
  });
  return bearer;
}

async function tableNames(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema')
    order by 1
  `.execute(db.database);
  return rows.map(({ name }) => name);
}

/** Tables in which a row says the text, anywhere. */
async function tablesThatSay(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await tableNames()) {
    const { rows } = await sql<{ said: boolean }>`
      select exists (
        select 1 from ${sql.raw(name)} as r where strpos(lower(r::text), ${text.toLowerCase()}) > 0
      ) as said
    `.execute(db.database);
    if (rows[0]?.said) found.push(name.replace('public.', ''));
  }
  return found;
}

/** Tables that the domains hand out whole, as their own SQL names them. */
function exportedTables(): Set<string> {
  const files = globSync('domains/**/{personal-store,store/personal-data}.ts', {
    cwd: import.meta.dirname,
  });
  expect(files.length).toBeGreaterThan(5);
  const texts = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/(?<=')[a-z]+_[a-z_]+(?=')/g) ?? []));
}

/** Tables with a column about people that are not handed out row by row, and why. */
const leftOut: Record<string, string> = {
  access_holds: 'a call that is under way; it is handed out with its receipt',
  access_requests: 'a call that is under way; it is handed out with its receipt',
  audit_person_keys: 'sealed: it hides entries of the log, which are handed out',
  identity_sso_flows: 'sealed, and gone within minutes',
  metering_call_exports:
    'files that operators take of all customers; who began one is in the audit log',
  identity_support_accesses: 'the organization’s; what its members gave is in the audit log',
  jobs_operations: 'what was run, under the id of who began it; the audit log is handed out',
  invoicing_lines: 'lines of invoices name what was bought, not who',
  metering_calls_daily: 'sums of calls, which are handed out',
  metering_calls_hourly: 'sums of calls, which are handed out',
  metering_quantities_daily: 'sums of events, which are handed out',
  metering_quantities_hourly: 'sums of events, which are handed out',
  payments_inbox: 'what providers say of payments; the payments are handed out',
  payments_reconciliation_items: 'lines of providers’ statements; the payments are handed out',
  payments_transactions: 'what providers booked; the payments are handed out, the payer is a mark',
  status_incident_updates: 'told to everybody; it names nobody',
  risk_flags: 'handed out by risk in its own words',
  growth_commissions: 'shares of payments, which are handed out; its customer is an organization',
  growth_referrals: 'handed out by growth in its own words',
  growth_reseller_customers: 'handed out by growth in its own words',
};

/** What the law keeps as it was issued. */
const keptByLaw: Record<string, string> = {
  invoicing_invoices: 'an issued invoice names its customer, and may not be changed',
};

describe('exporting', () => {
  test('every table with a column about people is handed out, or left out with a reason', async () => {
    const { rows } = await sql<{ table: string }>`
      select distinct c.table_name as "table"
      from information_schema.columns as c
      join pg_class as t on t.relname = c.table_name and t.relkind in ('r', 'p') and not t.relispartition
      where c.table_schema = 'public' and (
        c.column_name ~ '(^|_)(user|email|ip|address|username|agent|actor|author|payer|holder|customer)(_|$)'
        or c.column_name ~ '_by$'
        or c.column_name in ('legal_name', 'invoice_email', 'text', 'note', 'label')
      )
      order by 1
    `.execute(db.database);
    const known = exportedTables();
    const forgotten = rows
      .map(({ table }) => table)
      .filter((table) => !known.has(table) && !(table in leftOut));
    expect(forgotten).toEqual([]);
  });

  test('hands out every row that tells of the person', async () => {
    const bearer = await person();
    const response = await send('GET', 'me/export', undefined, bearer);
    expect(response.headers['content-type']).toBe('application/zip');
    const files = unzipSync(response.rawPayload);
    expect(Object.keys(files)).toContain('README.txt');
    const texts = Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)] as const);
    const all = texts.map(([, text]) => text).join('\n');
    for (const [name, text] of texts) if (name.endsWith('.json')) JSON.parse(text);
    for (const trace of Object.values(traces)) expect(all).toContain(trace);
    for (const trace of [
      'My program',
      'https://example.com/hooks',
      'quillfeather.new@example.com',
      organizationId,
    ]) {
      expect(all).toContain(trace);
    }
    const secrets = await sql<{ secret: string }>`
      select password_hash as secret from identity_users where id = ${userId}
      union all select sealed_secret from identity_totp
      union all select hash from identity_recovery_codes
      union all select secret_hash from identity_api_keys
    `.execute(db.database);
    expect(secrets.rows.length).toBeGreaterThan(10);
    for (const { secret } of secrets.rows) expect(all).not.toContain(secret);
  });
});

describe('deleting', () => {
  const signIn = async (login: string) => {
    const session = await send('POST', 'auth/login', { login, password });
    return session.json().access_token as string;
  };
  const newcomer = async (email: string) => {
    const { userId: id, organizationId: own } = (await createVerifiedUser(deployment.context(), {
      ...{ email, name: 'Newcomer', password },
    })) ?? { userId: '', organizationId: '' };
    return { id, own, bearer: await signIn(email) };
  };
  beforeAll(() => {
    place = elsewhere;
  });

  const remove = (bearer: string, payload: object = { password }) =>
    send('DELETE', 'me', payload, bearer);

  test('takes the password or a fresh second factor', async () => {
    const { bearer } = await newcomer('proof@example.com');
    expect((await remove(bearer, {})).json().error.code).toBe('proof_required');
    expect((await remove(bearer, { password: 'wrong' })).json().error.code).toBe('proof_invalid');
    expect((await remove(bearer, { totp: '000000' })).json().error.code).toBe('proof_invalid');
    expect((await send('GET', 'me', undefined, bearer)).statusCode).toBe(200);
  });

  test('is refused to the only owner of a team, until somebody else is one', async () => {
    const { id, bearer } = await newcomer('owner@example.com');
    const team = await send('POST', 'organizations', { name: 'Team' }, bearer);
    expect(team.statusCode).toBe(201);
    const refused = await remove(bearer);
    expect([refused.statusCode, refused.json().error.code]).toEqual([409, 'last_owner']);
    expect(refused.json().error.message).toContain('Team');
    const { id: other } = await newcomer('heir@example.com');
    await sql`
      insert into identity_members (organization_id, user_id, role, created_at)
      select organization_id, ${other}, 'owner', created_at
      from identity_members
      where user_id = ${id} and organization_id = ${team.json().id}
    `.execute(db.database);
    expect((await remove(bearer)).statusCode).toBe(204);
  });

  test('is refused to the last administrator', async () => {
    await createAdmin(deployment.context(), { email: 'admin@example.com', password });
    const refused = await remove(await signIn('admin@example.com'));
    expect(refused.json().error.code).toBe('last_admin');
  });

  test('is refused while an invoice is open', async () => {
    const { own, bearer } = await newcomer('debtor@example.com');
    const clerk = await signIn('admin@example.com');
    const bill = await send(
      'POST',
      'admin/invoices',
      { organization: own, currency: 'USD', lines: [{ description: 'Work', unit_amount: '9' }] },
      clerk,
    );
    expect(bill.statusCode).toBe(201);
    const refused = await remove(bearer);
    expect([refused.statusCode, refused.json().error.code]).toEqual([409, 'money_owed']);
  });

  test('is done for somebody by an operator, who says why', async () => {
    const { id, bearer } = await newcomer('letter@example.com');
    const clerk = await signIn('admin@example.com');
    const erase = (who: string, payload: object = { reason: 'Asked for it by letter' }) =>
      send('DELETE', `admin/users/${who}`, payload, clerk);
    const me = (await send('GET', 'me', undefined, clerk)).json().user.id;
    const refused = [await erase(me), await erase('usr_none'), await erase(id, {})];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([422, 404, 400]);
    expect((await erase(id)).statusCode).toBe(204);
    expect((await erase(id)).statusCode).toBe(404);
    expect((await send('GET', 'me', undefined, bearer)).statusCode).toBe(401);
    expect(await tablesThatSay('letter@example.com')).toEqual([]);
    const logged = await send('GET', 'admin/audit-logs?action=user.delete_for', undefined, clerk);
    expect(logged.json().data[0]).toMatchObject({
      ...{ resource: { kind: 'deletion', id }, new_values: { reason: 'Asked for it by letter' } },
    });
  });

  test('leaves nothing that tells of the person but what the law keeps, and the books prove themselves', async () => {
    place = { ip, userAgent };
    const { email } = traces;
    const told = await Promise.all(Object.values(traces).map(tablesThatSay));
    for (const tables of told) expect(tables.length).toBeGreaterThan(0);
    const { rows: keys } = await sql<{ id: string }>`
      select id from identity_api_keys where organization_id = ${organizationId} and revoked_at is null
    `.execute(db.database);
    expect(keys).toHaveLength(1);

    const bearer = await freshBearer();
    const removed = await remove(bearer, { password });
    expect(removed.statusCode).toBe(204);

    for (const trace of Object.values(traces)) {
      const said = await tablesThatSay(trace);
      expect([trace, said.filter((table) => !(table in keptByLaw))]).toEqual([trace, []]);
    }
    expect((await send('GET', 'me', undefined, bearer)).statusCode).toBe(401);
    const again = await send('POST', 'auth/login', { login: email, password });
    expect(again.json().error.code).toBe('invalid_credentials');
    const { rows } = await sql<{ kept: boolean; live: boolean }>`
      select exists (select 1 from invoicing_invoices where organization_id = ${organizationId}) as kept,
        exists (
          select 1 from identity_api_keys where organization_id = ${organizationId} and revoked_at is null
        ) as live
    `.execute(db.database);
    expect(rows).toEqual([{ kept: true, live: false }]);
    const ledger = await verifyLedger(deployment.context());
    expect(ledger.problems).toEqual([]);
    const audit = await verifyAudit(deployment.context());
    expect(audit.problems).toEqual([]);
  });

  /** Signed in once more, with a recovery code; the authenticator’s last code may be this minute’s. */
  async function freshBearer(): Promise<string> {
    const session = await send('POST', 'auth/login', {
      login: traces.email,
      password,
      totp: recoveryCodes[0],
    });
    return session.json().access_token;
  }

  test('a new account may have the address', async () => {
    const { email } = traces;
    const registered = await send('POST', 'auth/register', { email, password });
    expect(registered.statusCode).toBe(201);
  });
});

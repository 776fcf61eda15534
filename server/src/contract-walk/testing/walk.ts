/**
 * A whole server with one caller of every kind: each built-in role, a custom role, an API key, an application, and those
 * who operate the deployment; and another organization with a record of every kind, which none of them may see.
 */
import type { Held } from '@sluice/contract/authorization';
import type { Endpoint } from '@sluice/contract/endpoint';
import {
  type OrganizationRole,
  organizationRoles,
  type Permission,
  type PlatformPermission,
  type PlatformRole,
  platformRoles,
} from '@sluice/contract/permissions';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { createPackage } from '../../domains/catalog/index.ts';
import {
  createApiKey,
  createApplication,
  createApplicationKey,
} from '../../domains/identity/index.ts';
import { openDeployment, openServer, openServices, type Server } from '../../main.ts';
import { readConfig } from '../../platform/config.ts';
import { inTransaction } from '../../platform/context.ts';
import { createLog } from '../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type Foreign, makeForeign } from './foreign.ts';
import { bearer, type Headers, makeUser, type Place, signIn } from './place.ts';

export interface Caller {
  name: string;
  kind: 'anonymous' | 'person' | 'apiKey' | 'application';
  headers: Headers;
  /** The organization that they act in; of those who act in none, some other. */
  organizationId: string;
  held: Held;
}

/** What a custom role of the walk holds: little, and none of it the same as a built-in role's. */
const customPermissions: Permission[] = ['usage.read', 'members.read', 'keys.read'];
const customPlatformPermissions: PlatformPermission[] = ['billing.read', 'payments.manage'];

export interface Sent {
  params?: Record<string, string>;
  body?: unknown;
  headers?: Headers;
}

export interface Walk {
  db: TestDatabase;
  server: Server;
  callers: readonly Caller[];
  caller(name: string): Caller;
  foreign: Foreign;
  packageId: string;
  send(endpoint: Endpoint, sent: Sent): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export async function openWalk(): Promise<Walk> {
  const db = await createTestDatabase();
  const config = {
    ...readConfig({}),
    secretKey: 'a secret of the tests, longer than 32 characters',
    databaseUrl: db.url,
  };
  const deployment = await openDeployment(config, db.url, createLog('silent'));
  const services = await openServices(deployment);
  const server = await openServer(deployment, services, {
    webDirectory: '/nowhere',
    // What a job changes meanwhile would look as if a request had.
    leavesJobs: true,
  });
  const place: Place = { db, deployment, services, server };
  const callers = await makeCallers(place);
  const caller = (name: string): Caller => {
    const found = callers.find((one) => one.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found;
  };
  const { id: packageId } = await createPackage(deployment.context(), {
    name: 'Starter',
    price: '5',
    duration_days: 3,
    daily_limit: '1',
  });
  return {
    ...{ db, server, callers, caller, packageId },
    foreign: await makeForeign(place, caller('platform admin').headers),
    send: (endpoint, sent) => send(server, endpoint, sent),
    async close() {
      await server.close();
      await deployment.close();
      await db.close();
    },
  };
}

async function makeCallers(place: Place): Promise<Caller[]> {
  const own = await makeUser(place, 'owner');
  const { organizationId } = own;
  const nothing: Held = { permissions: [], platformPermissions: [] };
  const shared = { organizationId, held: nothing };
  const owns: Held = { permissions: organizationRoles.owner, platformPermissions: [] };
  return [
    { ...shared, name: 'anonymous', kind: 'anonymous', headers: {} },
    ...(await makeMembers(place, own)),
    ...(await makeOperators(place)),
    await makeKeyCaller(place, own, { ...shared, name: 'API key', held: owns }),
    await makeKeyOfWhoLeft(place, shared),
    {
      ...shared,
      name: 'application',
      kind: 'application',
      headers: bearer(await makeApplicationKey(place)),
    },
  ];
}

type Owner = Awaited<ReturnType<typeof makeUser>>;

async function makeMembers(place: Place, own: Owner): Promise<Caller[]> {
  const { organizationId } = own;
  const members: Caller[] = [];
  for (const role of Object.keys(organizationRoles) as OrganizationRole[]) {
    const user = role === 'owner' ? own : await makeUser(place, role);
    if (role !== 'owner') await join(place, { organizationId, userId: user.userId, role });
    members.push({
      name: `organization ${role}`,
      kind: 'person',
      organizationId,
      headers: await signIn(place, user.email, organizationId),
      held: { permissions: organizationRoles[role], platformPermissions: [] },
    });
  }
  const [owner] = members;
  const made = await place.server.app.inject({
    method: 'POST',
    url: `/api/v1/organizations/${organizationId}/roles`,
    headers: owner?.headers ?? {},
    payload: { name: 'Analyst', permissions: customPermissions },
  });
  const analyst = await makeUser(place, 'analyst');
  await join(place, {
    organizationId,
    userId: analyst.userId,
    role: 'custom',
    roleId: made.json().id,
  });
  members.push({
    name: 'organization custom',
    kind: 'person',
    organizationId,
    headers: await signIn(place, analyst.email, organizationId),
    held: { permissions: customPermissions, platformPermissions: [] },
  });
  members.push(
    await makeKeyCaller(place, analyst, {
      name: 'API key of a custom role',
      organizationId,
      held: { permissions: customPermissions, platformPermissions: [] },
    }),
  );
  return members;
}

/** A program with a key that somebody holds. */
async function makeKeyCaller(
  { deployment }: Place,
  { userId }: { userId: string },
  caller: Pick<Caller, 'name' | 'organizationId' | 'held'>,
): Promise<Caller> {
  const { name, organizationId } = caller;
  const { secret } = await createApiKey(deployment.context(), {
    ...{ userId, organizationId, name },
    ...{ expiresAt: null, allowedModels: null },
  });
  return { ...caller, kind: 'apiKey', headers: bearer(secret) };
}

async function makeKeyOfWhoLeft(
  place: Place,
  shared: Pick<Caller, 'organizationId' | 'held'>,
): Promise<Caller> {
  const { organizationId } = shared;
  const gone = await makeUser(place, 'gone');
  const { userId } = gone;
  await join(place, { organizationId, userId, role: 'admin' });
  const caller = await makeKeyCaller(place, gone, { ...shared, name: 'API key of who left' });
  await sql`
    delete from identity_members where organization_id = ${organizationId} and user_id = ${userId}
  `.execute(place.db.database);
  return caller;
}

/** They are also owners of an organization of their own. */
async function makeOperators(place: Place): Promise<Caller[]> {
  const { db } = place;
  const operators: Caller[] = [];
  const add = async (
    role: string,
    platformPermissions: readonly PlatformPermission[],
    id: string | null,
  ) => {
    const user = await makeUser(place, `platform-${role}`);
    await sql`
      update identity_users set platform_role = ${role}, platform_role_id = ${id} where id = ${user.userId}
    `.execute(db.database);
    operators.push({
      name: `platform ${role}`,
      kind: 'person',
      organizationId: user.organizationId,
      headers: await signIn(place, user.email),
      held: { permissions: organizationRoles.owner, platformPermissions },
    });
  };
  for (const role of Object.keys(platformRoles) as PlatformRole[]) {
    await add(role, platformRoles[role], null);
  }
  const made = await place.server.app.inject({
    method: 'POST',
    url: '/api/v1/admin/roles',
    headers: operators.at(-1)?.headers ?? {},
    payload: { name: 'Accountant', permissions: customPlatformPermissions },
  });
  await add('custom', customPlatformPermissions, made.json().id);
  return operators;
}

async function join(
  { db, deployment }: Place,
  member: { organizationId: string; userId: string; role: string; roleId?: string },
): Promise<void> {
  const at = deployment.platform.clocks.wall();
  await sql`
    insert into identity_members (organization_id, user_id, role, role_id, created_at)
    values (${member.organizationId}, ${member.userId}, ${member.role}, ${member.roleId ?? null}, ${at})
  `.execute(db.database);
}

async function makeApplicationKey({ deployment }: Place): Promise<string> {
  const context = deployment.context();
  const application = await inTransaction(context, (transaction) =>
    createApplication(context, transaction, { slug: 'walk', name: 'Walk', description: null }),
  );
  const command = { applicationId: application.id, name: 'key' };
  return (await createApplicationKey(context, command)).secret;
}

/** Questions that must say what they are about. */
const requiredQueries: Partial<Record<string, string>> = { getMeterUsage: 'meter=requests' };

function send({ app }: Server, endpoint: Endpoint, { params = {}, body, headers = {} }: Sent) {
  const url = endpoint.path.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? 'none');
  const takesBody = endpoint.method !== 'GET' && endpoint.method !== 'DELETE';
  const hasBody = takesBody || endpoint.body !== undefined;
  const query = requiredQueries[endpoint.operation];
  return app.inject({
    method: endpoint.method,
    url: query === undefined ? url : `${url}?${query}`,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { payload: typeof body === 'string' ? body : JSON.stringify(body ?? {}) } : {}),
  });
}

/** Whether the path names the organization that is acted in. */
export function isOrganizations({ path }: Endpoint): boolean {
  return path.startsWith('/api/v1/organizations/{id}');
}

/** Identity behind HTTP, for tests: people who have signed in, and requests as them. */
import type { InjectOptions } from 'fastify';
import { sql } from 'kysely';
import type { Context } from '../../../platform/context.ts';
import { createHttpApp } from '../../../platform/http/app.ts';
import { createRoutes } from '../../../platform/http/routes.ts';
import { createLog } from '../../../platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { registerAudit } from '../../audit/index.ts';
import {
  createAdmin,
  createAuthenticator,
  createKeyring,
  createVerifiedUser,
  identityPersonalData,
  people,
  registerAccounts,
  registerIdentity,
} from '../index.ts';

export const password = 'correct horse battery';

export interface FrontDoor {
  db: TestDatabase;
  platform: TestPlatform;
  context: Context;
  call(method: Method, url: string, request?: Request): Promise<Answer>;
  /** Somebody who has proved their address and signed in. */
  person(email: string): Promise<Person>;
  operator(email: string): Promise<{ bearer: string }>;
  join(organizationId: string, userId: string, role: string): Promise<void>;
  close(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Request = InjectOptions & { bearer?: string };

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  body: any;
  headers: Record<string, unknown>;
  cookies: { name: string; value: string }[];
}

export interface Person {
  userId: string;
  organizationId: string;
  bearer: string;
  refreshToken: string;
  cookies: { sluice_access: string; sluice_refresh: string };
}

/** A server of `https://sluice.example`. */
export async function openFrontDoor(): Promise<FrontDoor> {
  const db = await createTestDatabase();
  const platform = testPlatform(db, { config: { publicUrl: 'https://sluice.example' } });
  const context = testContext(platform);
  const keyring = createKeyring(platform);
  await platform.notifications.start(db.url);
  const { config, clocks } = platform;
  const app = await createHttpApp({ config, clocks, log: createLog('silent') });
  const routes = createRoutes(app, {
    platform,
    authenticate: createAuthenticator(platform, keyring),
  });
  registerIdentity(routes, platform);
  registerAccounts(routes, platform, [identityPersonalData]);
  registerAudit(routes, people);
  await app.ready();

  const call: FrontDoor['call'] = async (method, url, request = {}) => {
    const { bearer, headers, ...options } = request;
    const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const response = await app.inject({
      ...{ method, url, headers: { ...authorization, ...headers } },
      ...options,
    });
    return {
      status: response.statusCode,
      body: response.body === '' ? undefined : response.json(),
      headers: response.headers,
      cookies: response.cookies,
    };
  };
  return {
    ...{ db, platform, context, call },
    person: (email) => signUp(context, call, email),
    async operator(email) {
      await createAdmin(context, { email, password });
      const { body } = await signIn(call, email);
      return { bearer: body.access_token };
    },
    async join(organizationId, userId, role) {
      await sql`
        insert into identity_members (organization_id, user_id, role, created_at)
        values (${organizationId}, ${userId}, ${role}, ${clocks.wall()})
      `.execute(db.database);
    },
    async close() {
      await app.close();
      await keyring.close();
      await platform.notifications.close();
      await db.close();
    },
  };
}

async function signUp(context: Context, call: FrontDoor['call'], email: string): Promise<Person> {
  const made = await createVerifiedUser(context, { email, name: 'Ada', password });
  if (!made) throw new Error(`${email} is taken`);
  const { body, cookies } = await signIn(call, email);
  const cookieOf = (name: string) => cookies.find((cookie) => cookie.name === name)?.value ?? '';
  return {
    ...made,
    bearer: body.access_token,
    refreshToken: body.refresh_token,
    cookies: {
      sluice_access: cookieOf('sluice_access'),
      sluice_refresh: cookieOf('sluice_refresh'),
    },
  };
}

function signIn(call: FrontDoor['call'], email: string): Promise<Answer> {
  return call('POST', '/api/v1/auth/login', { payload: { login: email, password } });
}

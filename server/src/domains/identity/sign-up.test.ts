/** Signing up, proving an address, and getting back in without the password. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Context, inTransaction } from '../../platform/context.ts';
import { reaction } from '../../platform/events.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { verifyAudit } from '../audit/index.ts';
import { createAccessTokens } from './access-tokens.ts';
import { organizationCreated, register } from './index.ts';
import { forgotPassword } from './operations/forgot-password.ts';
import { login } from './operations/login.ts';
import { refreshSession } from './operations/refresh-session.ts';
import { resetPassword } from './operations/reset-password.ts';
import { verifyEmail } from './operations/verify-email.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
const opened: { organizationId: string; timeZone: string }[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, {
    config: { publicUrl: 'https://sluice.example', timeZone: 'Asia/Shanghai' },
    listeners: [
      reaction(organizationCreated, async (_context, _transaction, payload) => {
        if (failReaction) throw new Error('no funds were opened');
        opened.push(payload);
      }),
    ],
  });
  context = testContext(platform);
});
afterAll(() => db.close());

let failReaction = false;
let people = 0;
const password = 'correct horse battery';

async function signUp(details: { name?: string; username?: string; locale?: 'zh-CN' } = {}) {
  people += 1;
  return register(context, { email: `person${people}@example.com`, password, ...details });
}

interface StoredMail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** What waits to be sent to the address, oldest first. */
async function mailsTo(email: string): Promise<StoredMail[]> {
  const { rows } = await sql<{ id: string; sealed_content: string }>`
    select id, sealed_content
    from delivery_messages
    order by created_at, id
  `.execute(db.database);
  return rows
    .map(({ id, sealed_content }) => platform.sealer.open(sealed_content, `delivery:${id}`))
    .map((text) => JSON.parse(text) as StoredMail)
    .filter((mail) => mail.to === email);
}

async function lastToken(email: string): Promise<string> {
  const mail = (await mailsTo(email)).at(-1);
  return /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
}

const tokens = () => createAccessTokens(platform);

async function verified() {
  const { user, organization } = await signUp();
  await verifyEmail(context, await lastToken(user.email));
  platform.clocks.advance('PT2M');
  return { user, organization };
}

describe('register', () => {
  test('opens an account with an organization of its own, in the deployment’s zone and language', async () => {
    const { user, organization } = await register(context, {
      email: ' Ada@Example.COM ',
      password,
      username: 'Ada.Lovelace',
    });
    expect(user).toMatchObject({
      email: 'ada@example.com',
      emailVerifiedAt: null,
      username: 'Ada.Lovelace',
      locale: 'en',
      platformRole: 'user',
      status: 'active',
    });
    expect(organization).toMatchObject({
      name: 'Ada.Lovelace',
      personal: true,
      status: 'active',
      timeZone: 'Asia/Shanghai',
    });
    expect(opened).toContainEqual({ organizationId: organization.id, timeZone: 'Asia/Shanghai' });
    const [mail, ...more] = await mailsTo('ada@example.com');
    expect(more).toEqual([]);
    expect(mail?.text).toContain('https://sluice.example/verify-email?token=');
  });

  test('keeps no password and no token in the clear', async () => {
    const { user } = await signUp();
    const token = await lastToken(user.email);
    const { rows } = await sql<{ found: string }>`
      select u::text as found from identity_users as u
      union all
      select l::text from identity_links as l
      union all
      select a::text from audit_entries as a
    `.execute(db.database);
    const kept = rows.map((row) => row.found).join('\n');
    expect(kept).not.toContain(password);
    expect(kept).not.toContain(token);
    expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  test('refuses an address and a user name that are taken, in any case', async () => {
    const { user } = await signUp({ username: 'Grace' });
    await expect(
      register(context, { email: user.email.toUpperCase(), password }),
    ).rejects.toMatchObject({ code: 'already_exists', param: 'email' });
    await expect(
      register(context, { email: 'other@example.com', password, username: 'gRACE' }),
    ).rejects.toMatchObject({ code: 'already_exists', param: 'username' });
  });

  test('lets one of many at once have the address', async () => {
    const email = 'contested@example.com';
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => register(context, { email, password })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'already_exists', param: 'email' });
    }
    expect(await mailsTo(email)).toHaveLength(1);
  });

  test('leaves nothing behind where a reaction fails', async () => {
    failReaction = true;
    const email = 'undone@example.com';
    await expect(register(context, { email, password })).rejects.toThrow('no funds were opened');
    failReaction = false;
    expect(await mailsTo(email)).toEqual([]);
    await expect(register(context, { email, password })).resolves.toBeDefined();
  });

  test('writes to people in their language, with their name as plain text', async () => {
    const { user } = await signUp({ name: '<b>Wei</b> & co', locale: 'zh-CN' });
    const [mail] = await mailsTo(user.email);
    expect(mail?.subject).toBe('确认您的邮箱地址');
    expect(mail?.html).toContain('&lt;b&gt;Wei&lt;/b&gt; &amp; co');
    expect(mail?.html).not.toContain('<b>');
  });
});

describe('verifyEmail', () => {
  test('confirms the address, once', async () => {
    const { user } = await signUp();
    const token = await lastToken(user.email);
    expect(await verifyEmail(context, token)).toMatchObject({
      id: user.id,
      emailVerifiedAt: platform.clocks.wall(),
    });
    await expect(verifyEmail(context, token)).rejects.toMatchObject({ code: 'link_invalid' });
  });

  test('one link is worth one use, also to many at once', async () => {
    const { user } = await signUp();
    const token = await lastToken(user.email);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => verifyEmail(context, token)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('refuses a link after 24 hours, and one that never was', async () => {
    const { user } = await signUp();
    const token = await lastToken(user.email);
    platform.clocks.advance('PT24H');
    await expect(verifyEmail(context, token)).rejects.toMatchObject({ code: 'link_invalid' });
    await expect(verifyEmail(context, 'made-up')).rejects.toMatchObject({ code: 'link_invalid' });
  });

  test('a link that resets a password verifies nothing', async () => {
    const { user } = await verified();
    await forgotPassword(context, user.email);
    const token = await lastToken(user.email);
    await expect(verifyEmail(context, token)).rejects.toMatchObject({ code: 'link_invalid' });
    await resetPassword(context, { token, password: 'another long password' });
  });
});

describe('login of an unverified person', () => {
  test('is refused, and mails a fresh link at most once a minute', async () => {
    const { user } = await signUp();
    const attempt = () => login(context, tokens(), { login: user.email, password });
    await expect(attempt()).rejects.toMatchObject({ code: 'email_not_verified' });
    expect(await mailsTo(user.email)).toHaveLength(1);
    platform.clocks.advance('PT1M');
    await expect(attempt()).rejects.toMatchObject({ code: 'email_not_verified' });
    await expect(attempt()).rejects.toMatchObject({ code: 'email_not_verified' });
    expect(await mailsTo(user.email)).toHaveLength(2);
    await verifyEmail(context, await lastToken(user.email));
    await expect(attempt()).resolves.toMatchObject({ user: { id: user.id } });
  });
});

describe('forgotPassword', () => {
  test('answers the same for an address that nobody has', async () => {
    await expect(forgotPassword(context, 'nobody@example.com')).resolves.toBeUndefined();
    expect(await mailsTo('nobody@example.com')).toEqual([]);
  });

  test('mails one link a minute, also to many requests at once', async () => {
    const { user } = await verified();
    await Promise.all(Array.from({ length: 6 }, () => forgotPassword(context, user.email)));
    const links = (await mailsTo(user.email)).filter(({ text }) => text.includes('reset-password'));
    expect(links).toHaveLength(1);
  });
});

describe('resetPassword', () => {
  test('sets the password, ends every session and proves the address', async () => {
    const { user } = await signUp();
    platform.clocks.advance('PT2M');
    await forgotPassword(context, user.email);
    const next = 'another long password';
    await resetPassword(context, { token: await lastToken(user.email), password: next });
    const first = await login(context, tokens(), { login: user.email, password: next });

    await expect(login(context, tokens(), { login: user.email, password })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    platform.clocks.advance('PT2M');
    await forgotPassword(context, user.email);
    await resetPassword(context, { token: await lastToken(user.email), password });
    await expect(refreshSession(context, tokens(), first.refreshToken)).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  test('refuses a link after an hour, and a second use', async () => {
    const { user } = await verified();
    await forgotPassword(context, user.email);
    const old = await lastToken(user.email);
    platform.clocks.advance('PT1H');
    const next = { password: 'another long password' };
    await expect(resetPassword(context, { token: old, ...next })).rejects.toMatchObject({
      code: 'link_invalid',
    });
    await forgotPassword(context, user.email);
    const token = await lastToken(user.email);
    await resetPassword(context, { token, ...next });
    await expect(resetPassword(context, { token, ...next })).rejects.toMatchObject({
      code: 'link_invalid',
    });
  });

  test('spends every other link of its kind', async () => {
    const { user } = await verified();
    await forgotPassword(context, user.email);
    const first = await lastToken(user.email);
    platform.clocks.advance('PT1M');
    await forgotPassword(context, user.email);
    const second = await lastToken(user.email);
    expect(second).not.toBe(first);
    await resetPassword(context, { token: second, password: 'another long password' });
    await expect(
      resetPassword(context, { token: first, password: 'a thief has this one' }),
    ).rejects.toMatchObject({ code: 'link_invalid' });
  });
});

describe('what was done', () => {
  test('is in the log of the person’s own organization, and the log is whole', async () => {
    const { user, organization } = await verified();
    await login(context, tokens(), { login: user.email, password });
    const actions = await inTransaction(context, async (transaction) => {
      const { rows } = await sql<{ action: string }>`
        select action
        from audit_entries
        where organization_id = ${organization.id}
        order by position
      `.execute(transaction);
      return rows.map((row) => row.action);
    });
    expect(actions).toEqual([
      'organization.create',
      'user.register',
      'user.verify_email',
      'user.login',
    ]);
    expect((await verifyAudit(platform)).problems).toEqual([]);
  });
});

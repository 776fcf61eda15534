import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createVerifiedUser } from '../identity/index.ts';
import { createModelGroupBook, type ModelGroupBook } from './model-group-book.ts';
import { createModelGroup, updateModelGroup } from './operations/change-model-groups.ts';
import { setOrganizationMultiplier } from './operations/set-organization-multiplier.ts';

let db: TestDatabase;
let at: TestPlatform;
let book: ModelGroupBook;
let organizationId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  const made = await createVerifiedUser(testContext(at), {
    email: 'ada@example.com',
    name: 'Ada',
    password: 'correct horse battery',
  });
  organizationId = made?.organizationId ?? '';
  book = await createModelGroupBook(at);
});
afterAll(() => db.close());

const now = () => at.clocks.business();
const inDays = (count: number) => new Date(now().getTime() + count * 86_400_000).toISOString();
const claude = { slug: 'claude', name: 'Claude', models: ['claude-*'], multiplier: '1.2' };

describe('createModelGroup', () => {
  test('multiplies the prices of its models from now on, and of no others', async () => {
    const group = await createModelGroup(testContext(at), claude);
    await book.load();
    expect(book.multiplierFor(null, 'claude-opus-4', now())).toBe(1_200_000n);
    expect(book.multiplierFor(organizationId, 'claude-opus-4', now())).toBe(1_200_000n);
    expect(book.multiplierFor(null, 'gpt-4o', now())).toBe(1_000_000n);
    const before = new Date(group.createdAt.getTime() - 1);
    expect(book.multiplierFor(null, 'claude-opus-4', before)).toBe(1_000_000n);
  });

  test('refuses a model that is in another group, and names that group', async () => {
    const again = { ...claude, slug: 'opus', models: ['gpt-4o', 'claude-opus-*'] };
    await expect(createModelGroup(testContext(at), again)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"claude"'),
    });
    await expect(
      createModelGroup(testContext(at), { ...claude, models: ['other'] }),
    ).rejects.toMatchObject({ code: 'already_exists' });
  });

  test('keeps a model in one group where two operators take it at once', async () => {
    const take = (slug: string) =>
      createModelGroup(testContext(at), { ...claude, slug, models: ['shared-*'] });
    const results = await Promise.allSettled([take('one'), take('two'), take('three')]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('refuses to begin in the past', async () => {
    const past = { ...claude, slug: 'past', models: ['p'], effective_from: inDays(-1) };
    await expect(createModelGroup(testContext(at), past)).rejects.toMatchObject({
      code: 'rule_violated',
      param: 'effective_from',
    });
  });
});

describe('updateModelGroup', () => {
  test('holds for calls that begin after it; those before keep theirs', async () => {
    const made = await createModelGroup(testContext(at), {
      ...claude,
      slug: 'gemini',
      models: ['gemini-*'],
    });
    await updateModelGroup(testContext(at), made.id, {
      multiplier: '2',
      effective_from: inDays(3),
    });
    await book.load();
    expect(book.multiplierFor(null, 'gemini-3', now())).toBe(1_200_000n);
    expect(book.multiplierFor(null, 'gemini-3', new Date(inDays(4)))).toBe(2_000_000n);
  });

  test('gives a model up, so that another group can take it', async () => {
    await createModelGroup(testContext(at), { ...claude, slug: 'llama', models: ['llama-*'] });
    const next = { ...claude, slug: 'meta', models: ['llama-3'] };
    await expect(createModelGroup(testContext(at), next)).rejects.toMatchObject({
      code: 'conflict',
    });
    await updateModelGroup(testContext(at), 'llama', { models: [] });
    await createModelGroup(testContext(at), next);
    await book.load();
    expect(book.groupOf('llama-3', now())?.slug).toBe('meta');
    expect(book.groupOf('llama-2', now())).toBeUndefined();
  });

  test('writes down what was before', async () => {
    const { rows } = await sql<{ old_values: unknown; new_values: unknown }>`
      select old_values, new_values from audit_entries where action = 'model_group.update'
        and new_values ->> 'slug' = 'llama'
    `.execute(at.database);
    expect(rows[0]).toMatchObject({
      old_values: { models: ['llama-*'] },
      new_values: { models: [] },
    });
    await expect(updateModelGroup(testContext(at), 'none', {})).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('setOrganizationMultiplier', () => {
  const set = (multiplier: string | null, effective_from?: string) =>
    setOrganizationMultiplier(
      testContext(at),
      { organizationId, group: 'claude' },
      { multiplier, ...(effective_from && { effective_from }) },
    );

  test('goes before the group’s, for that customer only', async () => {
    await set('0.9');
    await book.load();
    expect(book.multiplierFor(organizationId, 'claude-opus-4', now())).toBe(900_000n);
    expect(book.multiplierFor('org_other', 'claude-opus-4', now())).toBe(1_200_000n);
    expect(book.multiplierFor(organizationId, 'gpt-4o', now())).toBe(1_000_000n);
  });

  test('gives the group’s back, now or later', async () => {
    await set(null, inDays(2));
    await book.load();
    expect(book.multiplierFor(organizationId, 'claude-opus-4', now())).toBe(900_000n);
    expect(book.multiplierFor(organizationId, 'claude-opus-4', new Date(inDays(3)))).toBe(
      1_200_000n,
    );
  });

  test('knows neither a stranger nor a group that is none', async () => {
    const subject = { organizationId: newId('org', now()), group: 'claude' };
    await expect(
      setOrganizationMultiplier(testContext(at), subject, { multiplier: '1' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      setOrganizationMultiplier(
        testContext(at),
        { organizationId, group: 'none' },
        { multiplier: '1' },
      ),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('names', () => {
  test('finds a model by its own name or by its group’s', () => {
    expect(book.names(['gpt-4o'], 'gpt-4o', now())).toBe(true);
    expect(book.names(['group:claude'], 'claude-opus-4', now())).toBe(true);
    expect(book.names(['group:claude'], 'gpt-4o', now())).toBe(false);
    expect(book.names(['group:none'], 'claude-opus-4', now())).toBe(false);
    expect(book.names([], 'claude-opus-4', now())).toBe(false);
  });
});

/** The guide's file is tried as it stands there. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { registerTemplate, validateTemplate } from './operations/register-template.ts';
import { writeProblem } from './template-text.ts';

const guide = new URL('../../../../docs/guides/application-templates.md', import.meta.url);
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

describe('the guide to templates', () => {
  test('shows a file that registers, and the problem that a slip in it has', async () => {
    const text = await readFile(guide, 'utf8');
    const template = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const slip = template.replace('window: month', 'window: week');
    const problems = await validateTemplate(db.database, slip);
    expect(problems).toHaveLength(1);
    for (const problem of problems) expect(text).toContain(writeProblem(problem));

    const context = testContext(testPlatform(db));
    const { changes } = await registerTemplate(context, { template, dryRun: false });
    expect(changes.map(({ kind }) => kind)).toEqual([
      'application',
      'meter',
      'meter',
      'feature',
      'feature',
      'plan',
    ]);
  });
});

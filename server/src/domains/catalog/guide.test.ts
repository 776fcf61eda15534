/** The guides' files are tried as they stand there. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { writeFieldChange } from './core/describe-difference.ts';
import { applyPricing } from './operations/apply-pricing.ts';
import { registerTemplate, validateTemplate } from './operations/register-template.ts';
import { writeProblem } from './template-text.ts';

const guideOf = (name: string) =>
  readFile(new URL(`../../../../docs/guides/${name}`, import.meta.url), 'utf8');
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

describe('the guide to templates', () => {
  test('shows a file that registers, and the problem that a slip in it has', async () => {
    const text = await guideOf('application-templates.md');
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

describe('the guide to the catalog as a file', () => {
  test('shows a file that applies, what a change of it means, and the problems of slips in it', async () => {
    const text = await guideOf('pricing-as-a-file.md');
    const file = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const context = testContext(testPlatform(db));
    const apply = (yaml: string, isTrial: boolean) =>
      applyPricing(context, { text: yaml, isTrial, archivesMissing: false });
    const applied = await apply(file, false);
    expect(applied.map(({ change }) => change)).toEqual(Array(4).fill('added'));

    const fourth = '      - { currency: EUR, interval: month, amount: "27.00" }';
    const changed = file
      .replace('29.00', '31.00')
      .replace('rpm: 120', 'rpm: 240')
      .replace(/^ +- \{ currency: CNY.*$/m, (line) => `${line}\n${fourth}`);
    const changes = (await apply(changed, true)).flatMap(({ fields }) => fields);
    expect(changes).toHaveLength(3);
    for (const field of changes) expect(text).toContain(`  ${writeFieldChange(field)}\n`);

    const slips = file.replace('rpm: 120', 'rpm: 0').replace('trial_days', 'trial_day');
    const { details } = await apply(slips, false).catch((refusal) => refusal);
    expect(details).toHaveLength(2);
    for (const problem of details) expect(text).toContain(`  ${writeProblem(problem)}\n`);
  });
});

/**
 * The audit log, in both languages, on a wide and a narrow screen: an owner finds who made a key, reads what it was, takes
 * the log away as a file that verifies; an operator finds the same entry among those of all customers.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { newCustomer, newKey, signIn } from '../client.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { changeTo, enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const commandLine = new URL('../../server/src/cli/main.ts', import.meta.url).pathname;

describe('the audit log', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const owner = await newCustomer(server, `auditor-${width}`);
      await newKey(await signIn(server, owner), `Key of ${width}`);
      await enter(person, locale, owner);
      await findKey(person, `Key of ${width}`);
      await takeAway(person);
      await changeTo(person, server.operator);
      await findAsOperator(person, owner.email);
      expect(complaints.filter((text) => !/\/(me|refresh)\)$/.test(text))).toEqual([]);
    }),
  );
});

async function findKey(person: Person, key: string): Promise<void> {
  const { audit, nav } = person.t;
  await person.visit(nav.audit, audit.title);
  await filterByText(person, audit.actorFilter, 'nobody@example.com');
  await person.see(audit.noneMatch);
  await person.press(audit.clear);
  await person.page.getByRole('combobox', { name: audit.action, exact: true }).click();
  await person.page.getByTitle(audit.names.api_key.create).click();
  await person.row(audit.title, audit.names.api_key.create).first().waitFor();
  expect(person.page.url()).toContain('action=api_key.create');
  await person.press(audit.details);
  await person.see(key, person.dialog());
  await person.see('127.0.0.1', person.dialog());
  await person.page.keyboard.press('Escape');
  await person.dialog().waitFor({ state: 'hidden' });
  await person.page.goto('/audit');
  await person.look(audit.title);
}

async function filterByText(person: Person, label: string, text: string): Promise<void> {
  const field = person.page.getByRole('searchbox', { name: label, exact: true });
  await field.fill(text);
  await field.press('Enter');
}

/** Its name begins with its icon's. */
const pressExport = (person: Person, name: string) =>
  person.page.getByRole('button', { name }).click();

/** Both files; the one with hashes is verified by whoever has the deployment's secret. */
async function takeAway(person: Person): Promise<void> {
  const { audit } = person.t;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
  const save = async (button: string) => {
    const [download] = await Promise.all([
      person.page.waitForEvent('download'),
      pressExport(person, button),
    ]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  };
  const table = readFileSync(await save(audit.exportCsv), 'utf8');
  expect(table).toMatch(/^id,time,/);
  expect(table).toContain('api_key.create');
  const proof = await save(audit.exportJsonl);
  const verified = execFileSync(process.execPath, [commandLine, 'audit', 'verify', proof], {
    env: { ...process.env, ...server.environment },
    encoding: 'utf8',
  });
  expect(verified).toContain('The export is whole');
}

async function findAsOperator(person: Person, email: string): Promise<void> {
  const { audit } = person.t;
  await person.choose(person.t.layout.toConsole);
  await person.look(person.t.console.overview.title);
  await person.visit(person.t.console.nav.audit, audit.title);
  await filterByText(person, audit.actorFilter, email);
  await person.row(audit.title, audit.names.api_key.create).first().waitFor();
  await pressExport(person, audit.exportCsv);
  await filterByText(person, audit.actorFilter, '');
  await person.row(audit.title, audit.names.audit.export).first().waitFor();
}

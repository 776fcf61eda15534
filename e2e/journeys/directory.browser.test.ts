/** People sign in with what their company already has: a directory over LDAP, and an OpenID Connect provider. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  client,
  type OidcIssuer,
  startOidcIssuer,
} from '../../server/src/platform/testkit/oidc-issuer.ts';
import {
  password,
  readerPassword,
  startDirectory,
  suffix,
} from '../../server/src/platform/testkit/people-directory.ts';
import type { LdapServer } from '../../server/src/platform/testkit/slapd.ts';
import { type Language, languageNames } from '../../web/src/i18n/language.ts';
import { withBrowser } from '../browser.ts';
import { done, signIn } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
let directory: LdapServer;
let issuer: OidcIssuer;
const providerName = 'Acme account';

beforeAll(async () => {
  [server, directory] = await Promise.all([startServer(), startDirectory()]);
  await setUpProvider();
});
afterAll(async () => {
  await server?.dispose();
  await directory?.dispose();
  await issuer?.close();
});

async function setUpProvider(): Promise<void> {
  const admin = await signIn(server, server.operator);
  const path = '/api/v1/admin/sign-in-providers';
  const settings = { issuer: 'https://id.example.com', client_id: client.id };
  const body = { kind: 'oidc', name: providerName, settings, secret: client.secret };
  const { id, addresses } = await done(admin.post(path, body));
  issuer = await startOidcIssuer({
    redirectUrls: [addresses.redirect],
    account: { sub: 'grace', email: 'grace@example.com', email_verified: true, name: 'Grace' },
  });
  const working = { enabled: true, settings: { issuer: issuer.issuer } };
  await done(admin.patch(`${path}/${id}`, working));
}

describe('the company’s own sign-in', () => {
  test.each(languages)(
    'is set up, tried, and used, in $locale at $width px',
    async ({ locale, width, t }) => {
      await withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
        const person = createPerson(page, t);
        await enterConsole(person, locale, server.operator);
        await setUpDirectory(person);
        expect(complaints).toEqual([]);
      });
      await withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
        const person = createPerson(page, t);
        await speak(person, locale);
        await signInByDirectory(person);
        await leave(person);
        await signInByProvider(person);
        await lookAtAccount(person);
        expect(unexpected(complaints)).toEqual([]);
      });
    },
  );
});

/** A wrong password is 401, the last way in stays with 409, and the provider is another host. */
function unexpected(complaints: readonly string[]): string[] {
  const known = [/ 40[19] /, new RegExp(`^asked another host: ${issuer.issuer}`)];
  return complaints.filter((complaint) => !known.some((each) => each.test(complaint)));
}

/** The settings are the same in both languages: the second time nothing changes. */
async function setUpDirectory(person: Person): Promise<void> {
  const { t, page } = person;
  const words = t.sso.console;
  await person.visit(t.console.nav.signIn, words.title);
  const panel = person.panel(words.directory);
  await person.fill(t.sso.fields.name, 'Acme', panel);
  await person.fill(words.url, directory.url, panel);
  await person.fill(words.bind_dn, `cn=reader,${suffix}`, panel);
  await person.fill(words.readerPassword, readerPassword, panel);
  await person.fill(words.base_dn, suffix, panel);
  await panel.getByRole('button', { name: says(words.saveNamed) }).click();
  await page.getByText(t.ui.saved).first().waitFor();

  await person.fill(words.testLogin, 'ada', panel);
  await panel.getByRole('button', { name: says(t.sso.testNamed) }).click();
  await person.see(t.sso.works, panel);
  await person.see('ada@example.com', panel);
  const switchOn = panel.getByRole('button', { name: says(words.switchOnNamed) });
  const switchOff = panel.getByRole('button', { name: says(words.switchOffNamed) });
  await switchOn.or(switchOff).waitFor();
  if (await switchOn.isVisible()) await switchOn.click();
  await switchOff.waitFor();
}

/** Picked here, the language goes before that of the account, which nobody has chosen yet. */
async function speak(person: Person, language: Language): Promise<void> {
  const { t, page } = person;
  await page.goto('/sign-in');
  await person.press(t.layout.language);
  await page.getByRole('menuitem', { name: languageNames[language] }).click();
  await person.look(t.auth.signInTitle);
}

async function signInByDirectory(person: Person): Promise<void> {
  const { t, page } = person;
  await person.see(says(t.sso.directory, { name: 'Acme' }));
  await person.fill(t.auth.login, 'ada');
  await person.fill(t.auth.password, 'not her password');
  await person.press(t.auth.signIn, page.getByRole('main'));
  await page.getByRole('alert').waitFor();
  await person.fill(t.auth.password, password);
  await person.press(t.auth.signIn, page.getByRole('main'));
  await person.look(t.dashboard.title);
}

async function leave(person: Person): Promise<void> {
  await person.choose(person.t.nav.signOut);
  await person.look(person.t.landing.title);
}

async function signInByProvider(person: Person): Promise<void> {
  const { t, page } = person;
  await page.goto('/keys');
  await person.look(t.auth.signInTitle);
  await person.follow(says(t.sso.through, { name: providerName }));
  // Back on the page that they wanted.
  await person.look(t.keys.title);
}

async function lookAtAccount(person: Person): Promise<void> {
  const { t, page } = person;
  await page.goto('/account');
  await person.look(t.account.title);
  const panel = person.panel(t.sso.identities.title);
  await person.see(providerName, panel);
  await panel.getByRole('button', { name: says(t.sso.identities.removeNamed) }).click();
  const question = person.dialog();
  await question.getByRole('button', { name: t.sso.identities.remove, exact: true }).click();
  // It is the only way in: the account keeps it.
  await panel.getByRole('alert').waitFor();
}

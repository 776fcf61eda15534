/** A person protects the account: an authenticator, a passkey, and the sessions that are still open. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { newCustomer } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, type SignIn, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('one’s own account', () => {
  test.each(languages)(
    'is protected and looked after, in $locale at $width px',
    ({ locale, width, t }) =>
      withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
        const person = createPerson(page, t);
        const customer = await newCustomer(server, `guards-${width}`);
        await enter(person, locale, customer);
        const { secret, codes } = await enrol(person);
        await signInWithCode(person, customer, { secret, code: codes[0] ?? '' });
        await usePasskey(person);
        await endOthers(person);
        await takeData(person);
        // What a page asks before it knows that a code is needed, or that nobody is signed in, is answered 401.
        expect(complaints.filter((complaint) => !/ 40[13] /.test(complaint))).toEqual([]);
      }),
  );
});

const openAccount = async ({ page, look, t }: Person) => {
  await page.goto('/account');
  await look(t.account.title);
};

/** What an app on a phone shows: https://www.rfc-editor.org/rfc/rfc6238 */
function codeOf(secret: string, stepsAhead = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const hash = createHmac('sha1', key).update(step).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The app’s key, a first code, and the codes for the day when the phone is lost. */
async function enrol(person: Person): Promise<{ secret: string; codes: string[] }> {
  const { t } = person;
  await openAccount(person);
  const panel = person.panel(t.security.totp.title);
  await person.see(t.security.totp.off, panel);
  await person.press(t.security.totp.setUp, panel);
  const secret = await person
    .dialog()
    .getByLabel(t.security.totp.key, { exact: true })
    .inputValue();
  await person.fill(t.security.totp.firstCode, '000000', person.dialog());
  await person.press(t.security.totp.enable, person.dialog());
  await person.see(/used before|已使用过/, person.dialog());
  await person.fill(t.security.totp.firstCode, codeOf(secret), person.dialog());
  await person.press(t.security.totp.enable, person.dialog());
  await person.see(t.security.totp.codesTitle, person.dialog());
  const codes = ((await person.dialog().locator('code').textContent()) ?? '').trim().split(/\s+/);
  expect(codes).toHaveLength(10);
  await person.press(t.security.totp.kept, person.dialog());
  await person.see(t.security.totp.since, panel);
  return { secret, codes };
}

/** The password alone is not enough any more; a code, or one that was written down, is. */
async function signInWithCode(
  person: Person,
  customer: SignIn,
  { secret, code }: { secret: string; code: string },
): Promise<void> {
  const { t, page } = person;
  for (const answer of [codeOf(secret, 1), code]) {
    await person.choose(t.nav.signOut);
    await person.look(t.landing.title);
    await page.goto('/sign-in');
    await person.look(t.auth.signInTitle);
    await person.fill(t.auth.login, customer.email);
    await person.fill(t.auth.password, customer.password);
    await person.press(t.auth.signIn, page.getByRole('main'));
    await person.look(t.auth.codeTitle);
    await person.fill(t.auth.code, answer);
    await person.press(t.auth.continue, page.getByRole('main'));
    await person.look(t.dashboard.title);
  }
}

/** The browser’s own authenticator, in software: it checks its owner and remembers who it made the passkey for. */
async function usePasskey(person: Person): Promise<void> {
  const { t, page } = person;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await openAccount(person);
  await person.press(t.security.passkeys.add, person.panel(t.security.passkeys.title));
  await person.fill(t.security.passkeys.name, 'Virtual key', person.dialog());
  await person.press(t.security.passkeys.add, person.dialog());
  await person.see('Virtual key', person.panel(t.security.passkeys.title));
  await person.choose(t.nav.signOut);
  await person.look(t.landing.title);
  await page.goto('/sign-in');
  await person.look(t.auth.signInTitle);
  await person.press(t.auth.passkey);
  await person.look(t.dashboard.title);
}

/** Earlier sign-ins are over already; the one of another browser is ended from here. */
async function endOthers(person: Person): Promise<void> {
  const { t } = person;
  await openAccount(person);
  const panel = person.panel(t.security.sessions.title);
  await person.see(t.security.sessions.current, panel);
  await person.see(new RegExp(t.security.sessions.methods.passkey), panel);
  await person.press(t.security.sessions.endOthers, panel);
  await person.press(t.security.sessions.endOthers, person.dialog());
  await person.see(says(t.security.sessions.othersEnded));
}

/** The file is a ZIP, and it is this person’s. */
async function takeData(person: Person): Promise<void> {
  const { t, page } = person;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    person.press(t.security.data.export, person.panel(t.security.data.title)),
  ]);
  expect(download.suggestedFilename()).toMatch(/^my-data-\d{4}-\d{2}-\d{2}\.zip$/);
}

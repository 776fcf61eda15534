import fc from 'fast-check';
import { expect } from 'vitest';
import type { Connection, Notification } from '../../provider.ts';
import type { ProviderHarness, SuiteTest } from './harness.ts';
import { numberIn, type Stage } from './stage.ts';

const runs = 150;
const fuzzMs = 30_000;

/** Notifications: what is true is understood, whatever was touched is refused, and nothing throws. */
export function verificationTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const skipped = harness.provider.capabilities.notifies ? undefined : 'it does not notify';
  return [...truthTests(stage, harness), ...forgeryTests(stage, harness), ...fuzzTests(stage)].map(
    (test) => ({ skipped, ...test }),
  );
}

function truthTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  return [
    {
      name: 'accepts what the provider signed, and understands it',
      async run() {
        const { payAloud, connection } = stage();
        const { notification, money } = await payAloud();
        const verification = await connection.verify(notification);
        expect(verification).toMatchObject({ verified: true });
        const meaning = verification.verified && connection.translate(verification.claims);
        if (meaning && meaning.kind === 'collected') {
          // Who paid is told by some only when they are asked.
          expect({ ...meaning.money, payer: money.payer }).toEqual(money);
        } else expect(meaning).toMatchObject({ kind: 'changed', number: money.number });
      },
    },
    {
      name: 'understands a replay as the same event, after a restart as well',
      async run() {
        const { payAloud, connection, connect } = stage();
        const { notification } = await payAloud();
        const first = await meaningOf(connection, notification);
        expect(await meaningOf(connection, notification)).toEqual(first);
        expect(await meaningOf(connect(), notification)).toEqual(first);
      },
    },
    ...Object.entries(harness.strangers).map(([who, become]) => ({
      name: `refuses our notification in the name of ${who}`,
      async run() {
        const { payAloud, connect, settings } = stage();
        const { notification } = await payAloud();
        const stranger = connect(become(settings));
        expect(await stranger.verify(notification)).toMatchObject({ verified: false });
      },
    })),
  ];
}

function forgeryTests(stage: () => Stage, harness: ProviderHarness): SuiteTest[] {
  const steered = (['bad', 'missing'] as const).map((sign) => ({
    name: `refuses what the simulator sends with a signature that is ${sign}`,
    async run() {
      const { start, order, steer, ear, connection } = stage();
      const started = await start(order());
      const before = ear.heard().length;
      await steer(started.order.number, { outcome: 'paid', sign });
      await expect.poll(() => ear.heard().length, { timeout: 8_000 }).toBeGreaterThan(before);
      for (const notification of ear.heard().slice(before)) {
        const verification = await connection.verify(notification);
        expect(verification).toMatchObject({ verified: false });
        expect(verification.verified === false && verification.reason.trim()).toBeTruthy();
      }
    },
  }));
  return [
    ...steered,
    {
      name: 'refuses every forgery of a true notification',
      async run() {
        const { payAloud, connection } = stage();
        const { notification } = await payAloud();
        for (const [how, forged] of Object.entries(harness.forgeries(notification))) {
          expect(await connection.verify(forged), how).toMatchObject({ verified: false });
        }
      },
    },
    {
      name: 'verifies nothing with a blank secret, not even what was signed with one',
      async run() {
        const { payAloud, connect, settings } = stage();
        const { notification } = await payAloud();
        const forged = harness.signedWithBlank?.(notification) ?? notification;
        const secrets = harness.provider.settings.filter(({ kind }) => kind === 'secret');
        for (const blank of ['', '   ']) {
          const blanks = Object.fromEntries(secrets.map(({ key }) => [key, blank]));
          expect(await isVerified(() => connect({ ...settings, ...blanks }), forged)).toBe(false);
        }
      },
    },
  ];
}

/** Whether settings that can never be enabled verify it all the same; refusing to connect with them is as good as no. */
async function isVerified(connect: () => Connection, forged: Notification): Promise<boolean> {
  try {
    return (await connect().verify(forged)).verified;
  } catch {
    return false;
  }
}

function fuzzTests(stage: () => Stage): SuiteTest[] {
  return [
    {
      name: 'refuses any noise, and never throws',
      timeoutMs: fuzzMs,
      async run() {
        const { connection } = stage();
        await fc.assert(
          fc.asyncProperty(noise, async (notification) => {
            expect(await connection.verify(notification)).toMatchObject({ verified: false });
          }),
          { numRuns: runs },
        );
      },
    },
    {
      name: 'refuses a true notification in which anything was touched, or finds the same in it',
      timeoutMs: fuzzMs,
      async run() {
        const { payAloud, connection } = stage();
        const { notification } = await payAloud();
        const truth = await meaningOf(connection, notification);
        await fc.assert(
          fc.asyncProperty(touch(notification), async (touched) => {
            const verification = await connection.verify(touched);
            if (!verification.verified) return;
            // Both spellings of a space, say, are signed alike; what they mean must not differ.
            expect(connection.translate(verification.claims)).toEqual(truth);
          }),
          { numRuns: runs },
        );
      },
    },
    {
      name: 'finds a meaning in any claims at all without throwing',
      async run() {
        const { payAloud, connection } = stage();
        const { notification } = await payAloud();
        const verification = await connection.verify(notification);
        const claims = verification.verified ? verification.claims : {};
        const bent = fc
          .tuple(fc.subarray(Object.keys(claims)), fc.jsonValue())
          .map(([keys, junk]) => ({
            ...claims,
            ...Object.fromEntries(keys.map((key) => [key, junk])),
          }));
        const wild = fc.dictionary(fc.string(), fc.jsonValue());
        fc.assert(
          fc.property(fc.oneof(bent, wild), (odd) => {
            expect(connection.translate(odd)).toHaveProperty('kind');
          }),
          { numRuns: runs },
        );
      },
    },
  ];
}

async function meaningOf(connection: Connection, notification: Notification) {
  const verification = await connection.verify(notification);
  expect(verification).toMatchObject({ verified: true });
  const meaning = verification.verified ? connection.translate(verification.claims) : undefined;
  expect(meaning && numberIn(meaning)).toBeTruthy();
  return meaning;
}

const contentTypes = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=gbk',
  'multipart/form-data; boundary=x',
  'text/xml',
  '',
  'application/json; charset=utf-16',
];
const name = fc.constantFrom(
  ...['stripe-signature', 'paypal-transmission-id', 'paypal-transmission-sig', 'paypal-cert-url'],
  ...['paypal-auth-algo', 'paypal-transmission-time', 'wechatpay-signature', 'wechatpay-serial'],
  ...['wechatpay-timestamp', 'wechatpay-nonce', 'content-length', 'x-anything'],
);
const value = fc.oneof(
  fc.string(),
  fc.constant(undefined),
  fc.array(fc.string(), { maxLength: 3 }),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each)),
  fc.json().map((text) => Buffer.from(text)),
  fc.webQueryParameters().map((text) => Buffer.from(text)),
);
const noise = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', ''),
  query: fc.oneof(fc.webQueryParameters(), fc.string()),
  headers: fc
    .tuple(fc.dictionary(name, value), fc.constantFrom(...contentTypes))
    .map(([headers, contentType]) => ({ ...headers, 'content-type': contentType })),
  body: bytes,
});

/** One byte of the body, one character of the query, or one header is another one, or gone. */
function touch(notification: Notification): fc.Arbitrary<Notification> {
  const { query, headers, body } = notification;
  const places = [
    ...(body.length === 0
      ? []
      : [
          fc
            .tuple(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }))
            .map(([at, byte]) => ({ ...notification, body: replaceByte(body, at, byte) })),
          fc.nat(body.length - 1).map((length) => ({
            ...notification,
            body: body.subarray(0, length),
          })),
        ]),
    ...(query === ''
      ? []
      : [
          fc.tuple(fc.nat(query.length - 1), fc.string({ maxLength: 2 })).map(([at, text]) => ({
            ...notification,
            query: query.slice(0, at) + text + query.slice(at + 1),
          })),
        ]),
    fc
      .tuple(fc.constantFrom(...Object.keys(headers)), value)
      .map(([key, other]) => ({ ...notification, headers: { ...headers, [key]: other } })),
  ];
  return fc.oneof(...places);
}

function replaceByte(body: Buffer, at: number, byte: number): Buffer {
  const replaced = Buffer.from(body);
  replaced[at] = byte;
  return replaced;
}

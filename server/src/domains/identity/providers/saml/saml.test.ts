import { inflateRawSync } from 'node:zlib';
import { SamlSettings } from '@sluice/contract/sign-in-providers';
import { describe, expect, test } from 'vitest';
import {
  type Assertion,
  answerOf,
  newKeys,
  signatureOf,
  signedAssertion,
  writeAssertion,
} from '../../testing/saml-issuer.ts';
import { connectSaml, describeOurselves } from './index.ts';

const keys = newKeys();
const strangers = newKeys();
const place = {
  receiveUrl: 'https://sluice.example/api/v1/auth/sso/idp_1/acs',
  entityId: 'https://sluice.example/api/v1/auth/sso/idp_1/metadata',
  now: () => new Date(),
};
const settings = SamlSettings.parse({
  entity_id: 'https://id.example.com',
  sign_in_url: 'https://id.example.com/sso?tenant=1',
  certificate: keys.publicKey,
  mail_attribute: 'mail',
});
const provider = connectSaml({ settings, ...place });
const proof = { requestId: '_request' };
const ada: Assertion = {
  issuer: settings.entity_id,
  audience: place.entityId,
  recipient: place.receiveUrl,
  requestId: proof.requestId,
  nameId: 'ada-1',
  attributes: { mail: ['ada@example.com'], displayName: ['Ada'], groups: ['a', 'b'] },
};
const mallory: Assertion = {
  ...ada,
  id: '_evil',
  nameId: 'mallory',
  attributes: { mail: ['boss@example.com'] },
};

const post = (SAMLResponse: string, about = proof) =>
  provider.receive({
    state: 's',
    proof: about,
    url: new URL(place.receiveUrl),
    form: new URLSearchParams({ SAMLResponse, RelayState: 's' }),
  });
const postAssertions = (text: string) => post(answerOf(text, ada));

describe('connectSaml', () => {
  test('asks the provider in the words of the protocol', async () => {
    const begun = await provider.begin('the state');
    if (begun.status !== 'begun') throw new Error(begun.problem);
    const url = new URL(begun.url);
    expect(url.searchParams.get('RelayState')).toBe('the state');
    expect(url.searchParams.get('tenant')).toBe('1');
    const request = inflateRawSync(
      Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64'),
    ).toString();
    expect(request).toContain(`ID="${begun.proof.requestId}"`);
    expect(request).toContain(`AssertionConsumerServiceURL="${place.receiveUrl}"`);
  });

  test('learns who was signed in', async () => {
    expect(await postAssertions(signedAssertion(ada, keys))).toEqual({
      status: 'proven',
      person: {
        subject: 'https://id.example.com|ada-1',
        email: 'ada@example.com',
        isEmailVerified: true,
        name: 'Ada',
        groups: ['a', 'b'],
        hasSecondFactor: false,
      },
    });
  });

  test.each<[string, string]>([
    ['no signature', writeAssertion(ada)],
    ['a stranger’s signature', signedAssertion(ada, strangers)],
    ['a signature of another assertion', writeAssertion(mallory, signatureOf(ada, keys))],
    ['a changed name', signedAssertion(ada, keys).replace('ada-1', 'boss')],
    ['another audience', signedAssertion({ ...ada, audience: 'https://other.example' }, keys)],
    ['another recipient', signedAssertion({ ...ada, recipient: 'https://other.example' }, keys)],
    ['another request', signedAssertion({ ...ada, requestId: '_another' }, keys)],
    ['another issuer', signedAssertion({ ...ada, issuer: 'https://other.example' }, keys)],
    [
      'a time that is over',
      signedAssertion({ ...ada, at: new Date(Date.now() - 3_600_000) }, keys),
    ],
    ['a time to come', signedAssertion({ ...ada, at: new Date(Date.now() + 3_600_000) }, keys)],
    [
      'a name of this one time',
      signedAssertion(
        { ...ada, nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
        keys,
      ),
    ],
    ['nothing', ''],
  ])('refuses an answer with %s', async (_what, assertion) => {
    expect(await postAssertions(assertion)).toMatchObject({ status: 'refused' });
  });

  test('refuses an answer to a request of another browser', async () => {
    const answer = answerOf(signedAssertion(ada, keys), ada);
    expect(await post(answer, { requestId: '_other' })).toMatchObject({ status: 'refused' });
  });

  test.each([
    '',
    'no base 64',
    Buffer.from('<a><b></a>').toString('base64'),
    Buffer.from('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>').toString('base64'),
  ])('refuses %j', async (answer) => {
    expect(await post(answer)).toMatchObject({ status: 'refused' });
  });
});

/** Wrapped in several ways: a signed assertion somewhere in the answer must not vouch for another one. */
describe('signature wrapping', () => {
  const signed = signedAssertion(ada, keys);
  const evil = writeAssertion(mallory);
  const evilWith = (inner: string) =>
    writeAssertion(
      mallory,
      signatureOf(ada, keys).replace(
        '</ds:Signature>',
        `<ds:Object>${inner}</ds:Object></ds:Signature>`,
      ),
    );

  test.each<[string, string]>([
    ['the forged one before the signed one', evil + signed],
    ['the forged one behind it', signed + evil],
    [
      'the signed one within the forged one',
      evil.replace('</saml:Assertion>', `${signed}</saml:Assertion>`),
    ],
    [
      'the forged one within the signed one',
      signed.replace('</saml:Assertion>', `${evil}</saml:Assertion>`),
    ],
    ['the signed one within the forged one’s signature', evilWith(writeAssertion(ada))],
    ['the signed one in an extension', `<samlp:Extensions>${signed}</samlp:Extensions>${evil}`],
    ['two with the same id', writeAssertion({ ...mallory, id: '_assertion' }) + signed],
    [
      'the same id within, signed for the one outside',
      writeAssertion({ ...mallory, id: '_assertion' }, signatureOf(ada, keys)).replace(
        '</saml:Assertion>',
        `${writeAssertion(ada)}</saml:Assertion>`,
      ),
    ],
  ])('lets nobody in by %s', async (_what, assertions) => {
    const answer = await postAssertions(assertions);
    // Either the answer is refused, or only what was signed is read.
    expect(JSON.stringify(answer)).not.toMatch(/mallory|boss@/);
    expect(answer.status).toBe('refused');
  });

  test('reads a name with a comment in it as a whole', async () => {
    const owner = { ...ada, nameId: 'admin@example.com.evil.example' };
    const text = signedAssertion(owner, keys);
    const split = text.replace('admin@example.com.evil', 'admin@example.com<!---->.evil');
    const answer = await postAssertions(split);
    if (answer.status === 'proven') {
      expect(answer.person.subject).toBe('https://id.example.com|admin@example.com.evil.example');
    } else expect(answer.status).toBe('refused');
  });
});

describe('describeOurselves', () => {
  test('tells the provider who we are and where to post', async () => {
    const metadata = await describeOurselves(place);
    expect(metadata).toContain(`entityID="${place.entityId}"`);
    expect(metadata).toContain(`Location="${place.receiveUrl}"`);
    expect(metadata).toContain('WantAssertionsSigned="true"');
  });
});

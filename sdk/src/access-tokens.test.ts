import { beforeAll, describe, expect, it } from 'vitest';
import { answers, createNetwork, isAway, type Network } from '../testkit/network.ts';
import { createTokenVerifier } from './access-tokens.ts';

const issuer = 'https://sluice.example';
const nowSeconds = 1_763_700_000;
const claims = { sub: 'usr_1', sid: 'ses_1', iss: issuer, aud: issuer, iat: nowSeconds };
const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'jwk_1' };

let keys: CryptoKeyPair;
let jwk: JsonWebKey;

beforeAll(async () => {
  keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  jwk = await crypto.subtle.exportKey('jwk', keys.publicKey);
});

async function token(changes: { header?: object; claims?: object } = {}): Promise<string> {
  const whole = { ...claims, exp: nowSeconds + 900, ...changes.claims };
  const signed = [{ ...header, ...changes.header }, whole]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = await crypto.subtle.sign('Ed25519', keys.privateKey, Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

const jwks = (kid = 'jwk_1') => answers({ keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] });

function verifier(network: Network, clock = { seconds: nowSeconds }) {
  const now = () => clock.seconds * 1000;
  return createTokenVerifier({ baseUrl: `${issuer}/`, fetch: network.fetch, now });
}

describe('verifyAccessToken', () => {
  it('answers whose it is, and fetches the keys once', async () => {
    const network = createNetwork(jwks());
    const verify = verifier(network);
    const good = await token();
    const [first] = await Promise.all([verify(good), verify(good), verify(good)]);
    expect(first).toMatchObject({ sub: 'usr_1', sid: 'ses_1' });
    expect(network.asked.map(({ path }) => path)).toEqual(['/.well-known/jwks.json']);
  });

  it.each([
    ['an expired one', { claims: { exp: nowSeconds - 6 } }],
    ['one without an end', { claims: { exp: undefined } }],
    ['another issuer’s', { claims: { iss: 'https://other.example' } }],
    ['one for somebody else', { claims: { aud: 'https://other.example' } }],
    ['one of nobody', { claims: { sub: undefined } }],
    ['one without a signature algorithm', { header: { alg: 'none' } }],
    ['one of another algorithm', { header: { alg: 'HS256' } }],
    ['a token of another type', { header: { typ: 'JWT' } }],
    ['one of an unknown key', { header: { kid: 'jwk_2' } }],
  ])('refuses %s', async (_what, changes) => {
    const work = verifier(createNetwork(jwks()))(await token(changes));
    await expect(work).rejects.toMatchObject({ name: 'TokenInvalidError', code: 'token_invalid' });
  });

  it('refuses a changed one, and what is none', async () => {
    const [head, , signature] = (await token()).split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'usr_2' })).toString('base64url');
    const verify = verifier(createNetwork(jwks()));
    for (const bad of [`${head}.${other}.${signature}`, 'abc', '', 'a.b.c', '%.%.%']) {
      await expect(verify(bad)).rejects.toMatchObject({ code: 'token_invalid' });
    }
  });

  it('finds a new key, but asks for an invented one once in half a minute', async () => {
    const network = createNetwork(jwks('jwk_0'), jwks('jwk_1'));
    const clock = { seconds: nowSeconds };
    const verify = verifier(network, clock);
    const good = await token();
    await expect(verify(good)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(verify(good)).rejects.toMatchObject({ code: 'token_invalid' });
    expect(network.asked).toHaveLength(1);
    clock.seconds += 31;
    expect(await verify(good)).toMatchObject({ sub: 'usr_1' });
    expect(network.asked).toHaveLength(2);
  });

  it('serves on with the keys it has while Sluice is away', async () => {
    const network = createNetwork(jwks(), isAway);
    const clock = { seconds: nowSeconds };
    const verify = verifier(network, clock);
    await verify(await token());
    clock.seconds += 700;
    expect(await verify(await token())).toMatchObject({ sub: 'usr_1' });
  });

  it('says that Sluice is away where it never had the keys', async () => {
    const work = verifier(createNetwork(isAway))(await token());
    await expect(work).rejects.toMatchObject({ name: 'SluiceUnavailableError' });
  });
});

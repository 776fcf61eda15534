import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OidcSettings } from '@sluice/contract/sign-in-providers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  client,
  type OidcIssuer,
  startOidcIssuer,
  visit,
} from '../../../../platform/testkit/oidc-issuer.ts';
import type { Proof } from '../../provider.ts';
import { connectOidc } from './index.ts';
import type { Reach } from './reach.ts';

const redirectUrl = 'http://localhost:9000/api/v1/auth/sso/idp_1/callback';
const sandbox: Reach = { isTrusted: true, mode: 'sandbox' };
const ada = {
  sub: 'ada',
  email: 'ada@example.com',
  email_verified: true,
  name: 'Ada',
  groups: ['a'],
};

let issuer: OidcIssuer;
let other: OidcIssuer;
beforeAll(async () => {
  issuer = await startOidcIssuer({ redirectUrls: [redirectUrl], account: ada });
  other = await startOidcIssuer({ redirectUrls: [redirectUrl], account: ada });
});
afterAll(async () => {
  await issuer.close();
  await other.close();
});

const open = (at: Pick<OidcIssuer, 'issuer'> = issuer, secret = client.secret, reach = sandbox) =>
  connectOidc({
    settings: OidcSettings.parse({ issuer: at.issuer, client_id: client.id }),
    clientSecret: secret,
    redirectUrl,
    reach,
  });

async function begin(state: string, provider = open()): Promise<{ url: string; proof: Proof }> {
  const begun = await provider.begin(state);
  if (begun.status !== 'begun') throw new Error(begun.problem);
  return begun;
}

async function comeBack(state: string, provider = open()): Promise<{ url: URL; proof: Proof }> {
  const { url, proof } = await begin(state, provider);
  return { url: new URL(await visit(url, redirectUrl)), proof };
}

describe('connectOidc', () => {
  test('sends the browser with PKCE, state and nonce, and learns who came back', async () => {
    const { url, proof } = await begin('s1');
    const sent = new URL(url).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      state: 's1',
      nonce: proof.nonce,
      code_challenge_method: 'S256',
      redirect_uri: redirectUrl,
      scope: 'openid email profile',
    });
    expect(url).not.toContain(proof.verifier);
    const back = new URL(await visit(url, redirectUrl));
    expect(await open().receive({ state: 's1', proof, url: back })).toEqual({
      status: 'proven',
      person: {
        subject: `${issuer.issuer}|ada`,
        email: 'ada@example.com',
        isEmailVerified: true,
        name: 'Ada',
        groups: ['a'],
        hasSecondFactor: false,
      },
    });
  });

  test('says what the provider has not checked', async () => {
    issuer.account = { ...ada, email_verified: false };
    const { url, proof } = await comeBack('s2');
    const answer = await open().receive({ state: 's2', proof, url });
    issuer.account = ada;
    expect(answer).toMatchObject({ status: 'proven', person: { isEmailVerified: false } });
  });

  test.each<
    [string, (back: { url: URL; proof: Proof }) => { url: URL; proof: Proof; state?: string }]
  >([
    [
      'an ID token for another nonce',
      ({ url, proof }) => ({ url, proof: { ...proof, nonce: 'x' } }),
    ],
    [
      'a code that another browser asked for',
      ({ url, proof }) => ({
        url,
        proof: { ...proof, verifier: 'v'.repeat(43) },
      }),
    ],
    ['another state', ({ url, proof }) => ({ url, proof, state: 'other' })],
    ['an answer without a state', (back) => without(back, 'state')],
    ['an answer without a code', (back) => without(back, 'code')],
    [
      'an answer of another issuer',
      ({ url, proof }) => {
        url.searchParams.set('iss', other.issuer);
        return { url, proof };
      },
    ],
    ['an answer that does not say who it is from', (back) => without(back, 'iss')],
    [
      'a refusal',
      ({ url, proof }) => {
        const back = new URL(redirectUrl);
        back.search = new URLSearchParams({
          error: 'access_denied',
          state: 's3',
          iss: url.searchParams.get('iss') ?? '',
        }).toString();
        return { url: back, proof };
      },
    ],
  ])('refuses %s', async (_what, change) => {
    const changed = change(await comeBack('s3'));
    const answer = await open().receive({ state: 's3', ...changed });
    expect(answer).toMatchObject({ status: 'refused' });
  });

  test('takes a code once', async () => {
    const back = await comeBack('s4');
    const returned = { state: 's4', ...back };
    expect(await open().receive(returned)).toMatchObject({ status: 'proven' });
    expect(await open().receive(returned)).toMatchObject({ status: 'refused' });
  });

  test('gives another provider neither a code nor a person of this one', async () => {
    const { url, proof } = await comeBack('s5');
    expect(await open(other).receive({ state: 's5', proof, url })).toMatchObject({
      status: 'refused',
    });
  });

  test('refuses with a wrong client secret, which is in no word of it', async () => {
    const { url, proof } = await comeBack('s6');
    const answer = await open(issuer, 'a wrong secret').receive({ state: 's6', proof, url });
    expect(answer.status).toBe('refused');
    expect(JSON.stringify(answer)).not.toContain('a wrong secret');
  });
});

function without({ url, proof }: { url: URL; proof: Proof }, name: string) {
  url.searchParams.delete(name);
  return { url, proof };
}

describe('reach', () => {
  let server: Server;
  let answer: { status: number; headers?: Record<string, string>; body: string };
  let asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  const port = () => (server.address() as AddressInfo).port;
  const problemAt = (address: string, reach: Reach) =>
    open({ issuer: address }, `secret ${Math.random()}`, reach).findProblem();

  test('does not follow where the provider sends us', async () => {
    asked = [];
    answer = { status: 302, headers: { location: `http://127.0.0.1:${port()}/inside` }, body: '' };
    expect(await problemAt(`http://127.0.0.1:${port()}`, sandbox)).toMatch(/not valid/);
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });

  test('reads no endless answer', async () => {
    answer = { status: 200, body: `"${'x'.repeat(600_000)}"` };
    expect(await problemAt(`http://127.0.0.1:${port()}`, sandbox)).toMatch(/too large/);
  });

  test.each(['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1'])(
    'never goes to %s for an organization in live mode',
    async (host) => {
      asked = [];
      const reach: Reach = { isTrusted: false, mode: 'live' };
      expect(await problemAt(`https://${host}:${port()}`, reach)).toMatch(/private network/);
      expect(asked).toEqual([]);
    },
  );

  test('asks nobody in the clear for an organization in live mode', async () => {
    const reach: Reach = { isTrusted: false, mode: 'live' };
    expect(await problemAt('http://id.example.com', reach)).toMatch(/not valid/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { type Outside, type OutsideCall, outside } from '../../outside.ts';
import { createClient } from './client.ts';

let sandbox: Sandbox;
let apiUrl = '';
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});
afterAll(() => sandbox.close());

const call = { method: 'GET', path: '/v1/notifications/webhooks' } as const;

/** A client of an app that nobody has called with before, and what it sends. */
function open(secret = sandbox.paypal.client_secret) {
  apiUrl = `http://127.0.0.1:${sandbox.port}/sandbox/paypal`;
  const sent: OutsideCall[] = [];
  const listening: Outside = {
    ...outside,
    // Each test is a process of its own to the cache of tokens.
    resolve: (url) => `${url}#${Math.random()}`,
    send(each) {
      sent.push(each);
      return outside.send(each);
    },
  };
  const { client_id: clientId } = sandbox.paypal;
  const client = createClient({ apiUrl, clientId, clientSecret: secret }, listening);
  const signIns = () => sent.filter(({ url }) => url.endsWith('/v1/oauth2/token')).length;
  return { client, sent, signIns };
}

describe('createClient', () => {
  it('signs in once for any number of calls, at once and later', async () => {
    const { client, signIns } = open();
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.call(call)));
    answers.push(await client.call(call));
    expect(answers.map((answer) => answer?.status)).toEqual(Array(11).fill(200));
    expect(signIns()).toBe(1);
  });

  it('signs in once more when its token was ended before its time', async () => {
    const { client, signIns } = open();
    await client.call(call);
    await fetch(`${apiUrl}/end-tokens`, { method: 'POST' });
    const answers = await Promise.all([client.call(call), client.call(call), client.call(call)]);
    expect(answers.map((answer) => answer?.status)).toEqual([200, 200, 200]);
    expect(signIns()).toBe(2);
  });

  it('says 401 for credentials that are wrong, and calls nothing with them', async () => {
    const { client, sent } = open('wrong');
    expect(await client.call(call)).toMatchObject({ status: 401 });
    expect(sent.every(({ url }) => url.endsWith('/v1/oauth2/token'))).toBe(true);
  });

  it('does not take what signing in was answered for an answer to the call', async () => {
    const { client_id: clientId, client_secret: clientSecret } = sandbox.paypal;
    const client = createClient({ apiUrl: `${apiUrl}/elsewhere`, clientId, clientSecret }, outside);
    // The sandbox says 404 to that address, and so nothing about any order.
    expect(await client.call(call)).toBeUndefined();
  });

  it('renews a token a minute before it lapses', async () => {
    const answers = [
      { access_token: 'short', expires_in: 60 },
      { access_token: 'long', expires_in: 32_400 },
    ];
    const used: string[] = [];
    const stub: Outside = {
      resolve: (url) => `${url}#${Math.random()}`,
      get: async () => undefined,
      async send({ url, headers = {} }) {
        const isSignIn = url.endsWith('/v1/oauth2/token');
        if (!isSignIn) used.push(headers.authorization ?? '');
        const text = JSON.stringify(isSignIn ? answers.shift() : {});
        return { status: 200, text, headers: {}, bytes: Buffer.from(text) };
      },
    };
    const credentials = { apiUrl: 'https://api.example', clientId: 'a', clientSecret: 'b' };
    const client = createClient(credentials, stub);
    for (let time = 0; time < 3; time += 1) await client.call(call);
    expect(used).toEqual(['Bearer short', 'Bearer long', 'Bearer long']);
  });
});

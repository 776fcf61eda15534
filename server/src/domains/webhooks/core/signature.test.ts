import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretOf, signedHeaders } from './signature.ts';

/** Made by the reference libraries of standardwebhooks.com; the first is of its specification. */
const vectors = [
  {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    seconds: 1614265330,
    body: '{"test": 2432232314}',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  {
    secret: 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LW9mLTMyLWJ5dGVzISE=',
    id: 'evt_01K',
    seconds: 1763700000,
    body: '{"type":"quota.exceeded","data":{"note":"配额已用完 – ½"}}',
    signature: 'v1,AFWqSsNXypSrPdvUxlCb7Ja6ONh9Uj1NBs0t4wysank=',
  },
  {
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    id: 'evt_empty',
    seconds: 1763700001,
    body: '[]',
    signature: 'v1,nRGLo0d+yXcYLXuaWrqFTjLg3PhrqURzt6NkuSx3P9c=',
  },
];

describe('signedHeaders', () => {
  it.each(vectors)('signs $id as the specification does', ({ seconds, secret, ...vector }) => {
    const { id, body, signature } = vector;
    // A part of a second does not count.
    expect(signedHeaders({ id, at: new Date(seconds * 1000 + 999), body }, [secret])).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signature,
    });
  });

  it('signs with every secret that is good, the newest first', () => {
    const [first, second] = vectors as [(typeof vectors)[0], (typeof vectors)[0]];
    const message = { id: first.id, at: new Date(first.seconds * 1000), body: first.body };
    const signature = signedHeaders(message, [second.secret, first.secret])['webhook-signature'];
    const key = Buffer.from(second.secret.slice('whsec_'.length), 'base64');
    const signed = `${first.id}.${first.seconds}.${first.body}`;
    const own = createHmac('sha256', key).update(signed).digest('base64');
    expect(signature).toBe(`v1,${own} ${first.signature}`);
  });
});

describe('secretOf', () => {
  it('writes bytes as the libraries read them', () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_each, index) => index));
    expect(secretOf(bytes)).toBe('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=');
  });
});

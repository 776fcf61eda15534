import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyWebhook } from './webhooks.ts';

/** Signed by the reference library of standardwebhooks.com, 1.1.1; the first is of its specification. */
const vectors = [
  {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    body: '{"test": 2432232314}',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  {
    secret: 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LW9mLTMyLWJ5dGVzISE=',
    id: 'evt_01K',
    timestamp: '1763700000',
    body: '{"type":"quota.exceeded","data":{"note":"配额已用完 – ½"}}',
    signature: 'v1,AFWqSsNXypSrPdvUxlCb7Ja6ONh9Uj1NBs0t4wysank=',
  },
  {
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    id: 'evt_empty',
    timestamp: '1763700001',
    body: '[]',
    signature: 'v1,nRGLo0d+yXcYLXuaWrqFTjLg3PhrqURzt6NkuSx3P9c=',
  },
];

type Vector = (typeof vectors)[number];

function arriving({ secret, id, timestamp, body, signature }: Vector, lateSeconds = 0) {
  const headers: Record<string, string> = {
    'Webhook-Id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  };
  return { secret, headers, body, now: () => (Number(timestamp) + lateSeconds) * 1000 };
}

const [first, second] = vectors as [Vector, Vector];
const refused = { name: 'WebhookVerificationError', code: 'webhook_invalid' };

describe('verifyWebhook', () => {
  it.each(vectors)('answers the event of $id', async (vector) => {
    const input = arriving(vector);
    const event = JSON.parse(vector.body);
    expect(await verifyWebhook(input)).toEqual(event);
    const headers = new Headers(input.headers);
    const body = new TextEncoder().encode(vector.body);
    expect(await verifyWebhook({ ...input, headers, body })).toEqual(event);
  });

  it('takes any of the signatures that a rotated secret brings', async () => {
    const input = arriving(first);
    const signature = `v1a,AAAA ${second.signature} ${first.signature}`;
    const headers = { ...input.headers, 'webhook-signature': signature };
    expect(await verifyWebhook({ ...input, headers })).toEqual({ test: 2432232314 });
  });

  it.each([
    ['another secret', { ...first, secret: second.secret }],
    ['a changed body', { ...first, body: '{"test": 2432232315}' }],
    ['another id', { ...first, id: 'msg_other' }],
    ['a signature of another kind', { ...first, signature: first.signature.replace('v1', 'v2') }],
    ['a signature that is none', { ...first, signature: 'v1,*' }],
    ['no signature', { ...first, signature: '' }],
    ['a secret that is none', { ...first, secret: 'whsec_' }],
  ])('refuses %s', async (_what, vector) => {
    await expect(verifyWebhook(arriving(vector))).rejects.toMatchObject(refused);
  });

  it('refuses another time, though the sender signed it', async () => {
    const key = Buffer.from(first.secret.slice('whsec_'.length), 'base64');
    const timestamp = 'soon';
    const signed = `${first.id}.${timestamp}.${first.body}`;
    const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    await expect(verifyWebhook(arriving({ ...first, timestamp, signature }))).rejects.toMatchObject(
      refused,
    );
  });

  it.each([
    [-300, true],
    [300, true],
    [301, false],
    [-301, false],
  ])('that is %i s away passes: %s', async (lateSeconds, passes) => {
    const work = verifyWebhook(arriving(first, lateSeconds));
    if (passes) await work;
    else await expect(work).rejects.toMatchObject(refused);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ limits: { bodyBytesMax: 50_000 } });
  await gateway.price({});
  await gateway.channel({ label: 'refusals' });
});
afterAll(() => gateway.close());

const hello = { model, messages: [{ role: 'user', content: 'Hello [[sandbox: tokens=1]]' }] };

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
  return { status: response.status, code: error.code, param: error.param };
}
const post = async (secret: string, body: object | string) =>
  refusalOf(await gateway.chat(secret, body));

describe('refusals in OpenAI’s shape', () => {
  it('refuses a wrong, revoked, expired or missing key', async () => {
    const at = gateway.platform.clocks.business();
    const revoked = await gateway.customer({ isRevoked: true });
    const expired = await gateway.customer({ expiresAt: at });
    const invalid = { status: 401, code: 'invalid_api_key', param: null };
    for (const secret of ['sk-wrong', revoked.secret, expired.secret]) {
      expect(await post(secret, hello)).toEqual(invalid);
    }
    const bare = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect(await refusalOf(bare)).toEqual(invalid);
  });

  it('takes the key from x-api-key too', async () => {
    const { secret } = await gateway.customer();
    const response = await gateway.chat('', hello, { headers: { 'x-api-key': secret } });
    expect(response.status).toBe(200);
  });

  it('refuses a suspended organization, and serves one that is past due', async () => {
    const suspended = await gateway.customer({ status: 'suspended' });
    expect(await post(suspended.secret, hello)).toMatchObject({
      status: 403,
      code: 'organization_suspended',
    });
    const pastDue = await gateway.customer({ status: 'past_due' });
    expect((await gateway.chat(pastDue.secret, hello)).status).toBe(200);
  });

  it('refuses a model without a price, and one that the key may not call', async () => {
    const limited = await gateway.customer({ allowedModels: ['other'] });
    expect(await post(limited.secret, hello)).toEqual({
      status: 403,
      code: 'model_not_found',
      param: 'model',
    });
    const { secret } = await gateway.customer();
    expect(await post(secret, { ...hello, model: 'unpriced' })).toEqual({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
  });

  it('refuses a model that no channel serves', async () => {
    await gateway.price({ model: 'unserved' });
    const { secret, organizationId } = await gateway.customer();
    const refusal = await post(secret, { ...hello, model: 'unserved' });
    expect(refusal).toMatchObject({ status: 503, code: 'no_channel' });
    expect(await gateway.funds(organizationId)).toMatchObject({ held: 0n });
  });

  it('refuses a call whose cost nothing bounds, until it names its maximum', async () => {
    await gateway.price({ model: 'unbounded', maxOutputTokens: null });
    await gateway.channel({ label: 'refusals', models: ['unbounded'] });
    const { secret } = await gateway.customer();
    const unbounded = { ...hello, model: 'unbounded' };
    expect(await post(secret, unbounded)).toEqual({
      status: 400,
      code: 'missing_required_parameter',
      param: 'max_completion_tokens',
    });
    const bounded = await gateway.chat(secret, { ...unbounded, max_completion_tokens: 5 });
    expect(bounded.status).toBe(200);
  });

  it('refuses short funds with 402, and an impossible maximum likewise', async () => {
    const poor = await gateway.customer({ wallet: '0.000001' });
    const outOfFunds = { status: 402, code: 'insufficient_quota', param: null };
    expect(await post(poor.secret, hello)).toEqual(outOfFunds);
    const rich = await gateway.customer({ wallet: '1000' });
    const huge = { ...hello, max_tokens: 10_000_000, n: 128 };
    expect(await post(rich.secret, huge)).toEqual(outOfFunds);
  });

  it.each([
    ['no JSON', 'hello', 'invalid_json'],
    ['half a body', '{"model":"gpt-4o-mini","messages":[', 'invalid_json'],
    ['nothing', '', 'invalid_json'],
    ['a list', '[]', 'invalid_json'],
    ['no model', '{"messages":[]}', 'missing_required_parameter'],
    ['a name twice', `{"model":"${model}","model":"x","messages":[]}`, 'duplicate_parameter'],
    ['a name in capitals', `{"model":"${model}","N":9,"messages":[]}`, 'unknown_parameter'],
    ['a negative', `{"model":"${model}","messages":[],"max_tokens":-5}`, 'integer_out_of_range'],
    ['too many', `{"model":"${model}","messages":[],"n":1e9}`, 'integer_out_of_range'],
    ['a tier', `{"model":"${model}","messages":[],"service_tier":"flex"}`, 'unsupported_parameter'],
  ])('refuses %s with 400', async (_, body, code) => {
    const { secret } = await gateway.customer();
    expect(await post(secret, body)).toMatchObject({ status: 400, code });
  });

  it('refuses a body that is too large, announced or not, and holds nothing for it', async () => {
    const { secret, organizationId } = await gateway.customer();
    const large = JSON.stringify({ ...hello, user: 'x'.repeat(60_000) });
    const tooLarge = { status: 413, code: 'body_too_large' };
    expect(await post(secret, large)).toMatchObject(tooLarge);
    const stream = new Blob([large]).stream();
    const chunked = await gateway.chat(secret, '', { body: stream, duplex: 'half' } as RequestInit);
    expect(await refusalOf(chunked)).toMatchObject(tooLarge);
    expect(await gateway.funds(organizationId)).toMatchObject({ held: 0n });
  });

  it.each([
    ['GET', '/v1/chat/completions'],
    ['POST', '/v1/images/generations'],
    ['GET', '/v1'],
    ['GET', '/v1/'],
    ['PATCH', '/v1/unknown?key=secret'],
  ])('answers 404 for %s %s', async (method, path) => {
    const response = await fetch(gateway.url + path, { method });
    expect(await refusalOf(response)).toMatchObject({ status: 404, code: 'unknown_url' });
  });
});

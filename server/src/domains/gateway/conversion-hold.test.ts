/** A call that is converted is held for what the upstream's vendor counts, which may be more than the caller's counts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelOf, openDialects } from './testkit/dialect-calls.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway();
  await openDialects(gateway);
});
afterAll(() => gateway.close());

/** Of a caller of Google's dialect with two cents, at a dollar for a million tokens of input. */
async function statusOf(model: string, parts: object[]): Promise<number> {
  const { secret } = await gateway.customer({ wallet: '0.02' });
  const body = { contents: [{ role: 'user', parts }], generationConfig: { maxOutputTokens: 10 } };
  const response = await fetch(`${gateway.url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': secret, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  return response.status;
}

it('holds for an image what the vendor of the model may count', async () => {
  const image = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
  expect(await statusOf(modelOf.gemini, [image])).toBe(200);
  expect(await statusOf(modelOf.anthropic, [image])).toBe(200);
  expect(await statusOf(modelOf.openai, [image])).toBe(402);
  expect(await statusOf(modelOf.openai, [{ text: 'What is it?' }])).toBe(200);
});

it('gives back what was held for a call that cannot be carried', async () => {
  const audio = { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } };
  const { secret, organizationId } = await gateway.customer({ wallet: '5' });
  const response = await fetch(`${gateway.url}/v1beta/models/${modelOf.openai}:generateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': secret, 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [{ parts: [audio] }] }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('contents.0.parts.0.inlineData');
  expect(await gateway.funds(organizationId)).toMatchObject({ held: 0n, owed: 0n });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.price({});
  await gateway.channel({ label: 'relay' });
});
afterAll(() => gateway.close());

/** A call that the sandbox bends as told. */
const bent = (scenario: string, rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: `Tell me a story. [[sandbox: ${scenario}]]` }],
  ...rest,
});

describe('POST /v1/chat/completions', () => {
  it('answers, bills what the upstream reported, and gives the rest of the hold back', async () => {
    const customer = await gateway.customer({ wallet: '1' });
    const response = await gateway.chat(customer.secret, bent('usage=1000/50/400'));
    expect(response.status).toBe(200);
    const body = (await response.json()) as { usage: object; choices: unknown[] };
    expect(body.choices).toHaveLength(1);
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage).toMatchObject({
      outcome: 'completed',
      input_tokens: 1000n,
      cached_input_tokens: 400n,
      output_tokens: 50n,
      estimated: false,
      // 600 × 1 + 400 × 0.5 + 50 × 10 micro-dollars
      amount: 1_300_000n,
      shortfall: 0n,
    });
    const funds = await gateway.funds(customer.organizationId);
    expect(funds).toMatchObject({ available: 998_700_000n, held: 0n });
  });
});

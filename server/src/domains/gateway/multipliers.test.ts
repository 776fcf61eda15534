import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../platform/testkit/platform.ts';
import { createModelGroup, setOrganizationMultiplier } from '../catalog/index.ts';
import { presentReceipt } from '../metering/index.ts';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.price({});
  await gateway.price({ model: 'other' });
  await gateway.channel({ models: [model, 'other'] });
  await createModelGroup(testContext(gateway.platform), {
    slug: 'gpt',
    name: 'GPT',
    models: ['gpt-*'],
    multiplier: '1.5',
  });
  await gateway.prices.groups.load();
});
afterAll(() => gateway.close());

const call = (rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello. [[sandbox: usage=1000/50]]' }],
  ...rest,
});
async function bill(secret: string, rest: object = {}) {
  const response = await gateway.chat(secret, call(rest));
  expect(response.status, await response.clone().text()).toBe(200);
  await response.text();
  const receipt = await gateway.receipt(response.headers.get('x-request-id'));
  return receipt ? presentReceipt(receipt) : expect.unreachable('the call has a receipt');
}

describe('a multiplier', () => {
  it('is of the group’s models, and the receipt says it', async () => {
    const { secret } = await gateway.customer();
    // (1000 × 1 + 50 × 10) micro-dollars × 1.5
    expect(await bill(secret)).toMatchObject({ amount: '0.00225', multiplier: '1.5' });
    expect(await bill(secret, { model: 'other' })).toMatchObject({
      amount: '0.0015',
      multiplier: '1',
    });
  });

  it('is the customer’s own where it has one', async () => {
    const { secret, organizationId } = await gateway.customer();
    await setOrganizationMultiplier(
      testContext(gateway.platform),
      { organizationId, group: 'gpt' },
      { multiplier: '0.333333' },
    );
    await gateway.prices.groups.load();
    // Rounded once, half up to the nano: 0.0015 × 0.333333 = 0.0004999995
    expect(await bill(secret)).toMatchObject({ amount: '0.0005', multiplier: '0.333333' });
  });

  it('counts for what an allowance of a package pays, as for the wallet', async () => {
    const { secret } = await gateway.customer({ wallet: '0', allowance: '0.01' });
    const response = await gateway.chat(secret, call());
    await response.text();
    const receipt = await gateway.receipt(response.headers.get('x-request-id'));
    expect(receipt?.usage.amounts).toEqual([2_250_000n]);
  });

  it('is held with the most that a call can cost, so that no multiplier overspends', async () => {
    // 100 tokens of output hold 0.001 dollars and the input; with the multiplier 0.0015 and more.
    const { secret } = await gateway.customer({ wallet: '0.0014' });
    const body = call({ max_completion_tokens: 100 });
    const refused = await gateway.chat(secret, body);
    expect(refused.status).toBe(402);
    await refused.text();
    const asOther = await gateway.chat(secret, { ...body, model: 'other' });
    expect(asOther.status).toBe(200);
    await asOther.text();
  });
});

describe('a group in place of its models', () => {
  it('lets a key call them, and no others', async () => {
    const { secret } = await gateway.customer({ allowedModels: ['group:gpt'] });
    await bill(secret);
    const refused = await gateway.chat(secret, call({ model: 'other' }));
    expect(refused.status).toBe(403);
    const listed = await fetch(`${gateway.url}/v1/models`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    const { data } = (await listed.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual([model]);
  });
});

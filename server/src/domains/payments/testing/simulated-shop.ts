/** A shop at one provider's simulator, which tells it of payments over HTTP, for the tests of one provider. */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { openOrganization, openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { updateProvider } from '../operations/update-provider.ts';

export interface SimulatedShop<Answer> {
  readonly sandbox: Sandbox;
  readonly shop: Shop;
  /** The customer of the test that runs, who has books of their own. */
  readonly organizationId: string;
  /** An address of the sandbox. */
  at(path: string): string;
  /** Tells the sandbox what happens there. */
  post(path: string, body: object): Promise<Answer>;
  configure(settings: object, enabled?: boolean): Promise<unknown>;
  /** Both calendars, ours and the provider's. */
  move(to: string): Promise<void>;
}

/** Open while the tests of a file run, on the fourth of March. */
export function useSimulatedShop<Answer>(
  provider: 'alipay' | 'wechat',
  settings: object = {},
): SimulatedShop<Answer> {
  let sandbox: Sandbox;
  let shop: Shop;
  let customers = 0;
  const simulated: SimulatedShop<Answer> = {
    get sandbox() {
      return sandbox;
    },
    get shop() {
      return shop;
    },
    get organizationId() {
      return `org_customer${customers}`;
    },
    at: (path) => `http://127.0.0.1:${sandbox.port}/sandbox${path}`,
    async post(path, body) {
      const sent = { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(simulated.at(path), sent);
      expect(answer.status).toBe(200);
      return (await answer.json()) as Answer;
    },
    configure: (changes, enabled) =>
      updateProvider(shop.context, {
        ...{ provider, settings: changes as Record<string, string> },
        ...(enabled === undefined ? {} : { enabled }),
      }),
    async move(to) {
      shop.platform.clocks.set(to);
      await simulated.post('/clock', { to });
    },
  };
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    shop = await openShop(sandbox);
    await simulated.move('2026-03-04T02:00:00Z');
  });
  afterAll(async () => {
    await shop.close();
    await sandbox.close();
  });
  beforeEach(async () => {
    customers += 1;
    await openOrganization(shop.context, simulated.organizationId);
    const usual = { api_url: simulated.at(`/${provider}`), rates: { USD: '7.2' } };
    await simulated.configure({ ...sandbox[provider], ...usual, ...settings }, true);
  });
  return simulated;
}

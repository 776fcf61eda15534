/** A known attack on payment systems: fishing for secrets in logs, answers, audit entries and stored headers. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../../sandbox/src/sandbox.ts';
import { pollAttempts } from './operations/poll-attempts.ts';
import { getProvider, listProviders } from './operations/read-providers.ts';
import { updateProvider } from './operations/update-provider.ts';
import { providers } from './providers/index.ts';
import { openVictim, startGateway, type Victim } from './testing/victim.ts';

describe('attacks on secrets', () => {
  let sandbox: Sandbox;
  let victim: Victim;
  beforeAll(async () => {
    sandbox = await startGateway();
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    victim = await openVictim(sandbox);
  });
  afterEach(() => victim.close());

  it('attack 24: the log never holds the key, whatever is wrong with the gateway', async () => {
    const { truth } = await victim.paidInSilence();
    await victim.shop.notify({ ...truth, sign: '0'.repeat(32) });
    const { port } = sandbox;
    const gateways = [
      'http://127.0.0.1:1/epay',
      `http://127.0.0.1:${port}/no-such`,
      'http://[::1]:1',
    ];
    for (const gateway_url of gateways) {
      await updateProvider(victim.shop.context, { provider: 'credit', settings: { gateway_url } });
      await victim.shop.notify(truth);
      await victim.shop.notify(truth, 'POST');
      victim.shop.platform.clocks.advance('PT2H');
      await pollAttempts(victim.shop.context);
    }
    expect(victim.shop.logged.length).toBeGreaterThan(2);
    expect(JSON.stringify(victim.shop.logged)).not.toContain(sandbox.credit.key);
  });

  it('attack 24: what a stranger sends as a key is not written to the log', async () => {
    const bait = randomBytes(20).toString('hex');
    const url = `${victim.shop.publicUrl}/api/v1/webhooks/credit`;
    await fetch(`${url}?key=${bait}&sign=${bait}`);
    await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${bait}` }, body: bait });
    await fetch(url, { method: 'POST', headers: { 'content-encoding': bait }, body: bait });
    expect(JSON.stringify(victim.shop.logged)).not.toContain(bait);
  });

  it.each(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'x-goog-api-key'])(
    'attack 24: the header %s of a notification is not kept',
    async (header) => {
      const bait = randomBytes(20).toString('hex');
      const url = `${victim.shop.publicUrl}/api/v1/webhooks/credit?a=1`;
      await fetch(url, { headers: { [header]: bait, 'x-trace': 'kept' } });
      const [stored] = await victim.inbox();
      expect(stored?.headers).toMatchObject({ 'x-trace': 'kept' });
      expect(JSON.stringify(stored?.headers)).not.toContain(bait);
    },
  );

  it.each(
    providers.filter(({ online }) => online).map((provider) => [provider.id, provider] as const),
  )(
    'attack 24: no secret of %s is answered, refused aloud, audited or stored in the clear',
    async (id, { settings }) => {
      const secrets = settings.filter(({ kind }) => kind === 'secret');
      expect(secrets.length).toBeGreaterThan(0);
      const baits: string[] = [];
      const said: unknown[] = [];
      for (const { key } of secrets) {
        const bait = randomBytes(24).toString('hex');
        baits.push(bait);
        const change = { provider: id, enabled: false, settings: { [key]: bait } };
        await updateProvider(victim.shop.context, change).catch((error: unknown) =>
          said.push(error instanceof Error ? [error.message, error.stack] : error),
        );
      }
      said.push(await getProvider(victim.shop.context, id));
      said.push(await listProviders(victim.shop.context));
      said.push(victim.shop.logged);
      for (const table of ['audit_entries', 'payments_providers'] as const) {
        said.push(await victim.rowsOf(table));
      }
      const text = JSON.stringify(said, (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      for (const bait of baits) expect(text).not.toContain(bait);
    },
  );
});

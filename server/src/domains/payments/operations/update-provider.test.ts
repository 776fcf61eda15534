import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../../platform/testkit/platform.ts';
import { getProvider, listPaymentProviders } from './read-providers.ts';
import { updateProvider } from './update-provider.ts';

const good = { pid: '10510', key: 'a secret', gateway_url: 'https://credit.linux.do/epay' };

describe('updateProvider', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  const contextOf = (mode: 'sandbox' | 'live', publicUrl: string) =>
    testContext(testPlatform(db, { config: { mode, publicUrl } }));
  const sandbox = () => contextOf('sandbox', 'http://localhost:9000');
  const change = (settings: Record<string, string | null>, enabled?: boolean) =>
    updateProvider(sandbox(), {
      provider: 'credit',
      settings,
      ...(enabled === undefined ? {} : { enabled }),
    });

  it.each([
    ['an empty secret', { ...good, key: '' }, 'rule_violated'],
    ['a blank secret', { ...good, key: '  \t ' }, 'rule_violated'],
    ['no secret', { pid: '10510', key: null }, 'provider_not_configured'],
    ['no pid', { key: 'a secret', pid: null }, 'provider_not_configured'],
    ['an address that is none', { ...good, gateway_url: 'credit' }, 'rule_violated'],
    [
      'an address with a user in it',
      { ...good, gateway_url: 'https://a@b.example' },
      'rule_violated',
    ],
    ['an address by another scheme', { ...good, gateway_url: 'file:///etc' }, 'rule_violated'],
    ['a setting that does not exist', { ...good, skip_signature: 'true' }, 'rule_violated'],
    ['a mode that does not exist', { ...good, sign_key_mode: 'none' }, 'rule_violated'],
    ['a currency without two decimals', { ...good, currency: 'JPY' }, 'rule_violated'],
  ])('cannot be enabled with %s', async (_what, settings, code) => {
    await expect(change(settings, true)).rejects.toMatchObject({ code });
    expect(await getProvider(sandbox(), 'credit')).toMatchObject({ enabled: false });
    expect((await listPaymentProviders(sandbox())).data).toEqual([]);
  });

  it('never answers a secret, and keeps one that is left out', async () => {
    await change(good, true);
    const shown = await getProvider(sandbox(), 'credit');
    expect(shown).toMatchObject({
      enabled: true,
      ready: true,
      notify_url: 'http://localhost:9000/api/v1/webhooks/credit',
    });
    expect(shown.fields.find(({ key }) => key === 'key')).toMatchObject({
      value: null,
      is_set: true,
    });
    expect(JSON.stringify(shown)).not.toContain('a secret');

    await change({ pid: '20000' });
    expect(await getProvider(sandbox(), 'credit')).toMatchObject({ ready: true, enabled: true });
  });

  it('seals the secret, and tells the audit log only that it is set', async () => {
    const rows = await db.database
      .withTables<{
        payments_providers: { settings: unknown; sealed_secrets: unknown };
        audit_entries: { action: string; new_values: unknown };
      }>()
      .selectFrom('payments_providers')
      .innerJoin('audit_entries', (join) => join.onTrue())
      .select(['settings', 'sealed_secrets', 'action', 'new_values'])
      .where('action', '=', 'provider.update')
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('a secret');
  });

  it('cannot lose its secret while it is on', async () => {
    await expect(change({ key: null })).rejects.toMatchObject({ code: 'provider_not_configured' });
    await change({ key: null }, false);
    expect(await getProvider(sandbox(), 'credit')).toMatchObject({ ready: false, enabled: false });
  });

  it.each([
    'http://sluice.example.com',
    'https://localhost:9000',
    'https://10.0.0.8',
    'https://[::1]',
    'https://sluice.internal',
    'https://sluice',
  ])('is refused in live mode at %s, which no provider can call', async (publicUrl) => {
    const context = contextOf('live', publicUrl);
    const enable = updateProvider(context, { provider: 'credit', enabled: true, settings: good });
    await expect(enable).rejects.toMatchObject({ code: 'callback_not_public' });
  });

  it('is enabled in live mode at a public https address, with a gateway by https', async () => {
    const context = contextOf('live', 'https://sluice.example.com');
    const insecure = { ...good, gateway_url: 'http://credit.example.com' };
    const enable = (settings: Record<string, string>) =>
      updateProvider(context, { provider: 'credit', enabled: true, settings });
    await expect(enable(insecure)).rejects.toMatchObject({ code: 'rule_violated' });
    await enable(good);
    expect((await listPaymentProviders(context)).data).toEqual([
      {
        ...{ provider: 'credit', name: 'Credit', currencies: [], means: [] },
        stores_methods: false,
      },
    ]);
    await updateProvider(context, { provider: 'credit', settings: { rates: { USD: '7.2' } } });
    expect((await listPaymentProviders(context)).data).toMatchObject([{ currencies: ['USD'] }]);
    await updateProvider(context, { provider: 'credit', settings: { currency: 'CNY' } });
    expect((await listPaymentProviders(context)).data).toMatchObject([
      { currencies: ['CNY', 'USD'] },
    ]);
  });

  it('refuses the ones without settings', async () => {
    for (const provider of ['manual', 'wallet', 'bank']) {
      await expect(updateProvider(sandbox(), { provider })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });
});

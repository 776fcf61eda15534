import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { findMethod } from '../methods-store.ts';
import { type CardTill, openCardTill } from '../testing/card-till.ts';
import { checkMethods } from './check-methods.ts';
import { openMethod } from './method-seals.ts';
import { listMethods } from './read-methods.ts';
import { removeMethod } from './remove-method.ts';

describe('checkMethods', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  let till: CardTill;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
    shop.platform.clocks.set(new Date());
    till = await openCardTill(shop.context, sandbox);
  });
  afterEach(async () => {
    await till.steer(undefined, {});
    await shop.close();
  });

  const store = (card?: string) => till.storeCard(shop.context, shop.organizationId, card);
  const list = () => listMethods(shop.context, shop.organizationId);
  const check = () => checkMethods(shop.context);
  const auditOf = async (action: string) => {
    const { rows } = await sql<{ actor_kind: string; old_values: object }>`
      select actor_kind, old_values from audit_entries where action = ${action}
    `.execute(shop.db.database);
    return rows;
  };

  /** As its payer does it at Stripe; the notification of it reaches nobody here. */
  const detach = async (id: string) => {
    const stored = await findMethod(shop.context.database, id);
    const reference = stored && openMethod(shop.context, stored).reference;
    const answer = await fetch(`${till.url}/v1/payment_methods/${reference}/detach`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.stripe.secret_key}` },
    });
    expect(answer.status).toBe(200);
  };

  it('confirms what is there, each once a day', async () => {
    await store();
    shop.platform.clocks.advance('PT1H');
    expect(await check()).toBe(1);
    expect(await check()).toBe(0);
    const now = shop.context.clocks.business();
    expect(await list()).toMatchObject([{ label: 'Visa •••• 4242', confirmedAt: now }]);
    shop.platform.clocks.advance('P1D');
    expect(await check()).toBe(1);
    expect(await auditOf('payment_method.change')).toEqual([]);
  });

  it('removes what is gone at the provider though nobody told, and another is the default', async () => {
    const [gone, left] = [await store(), await store('5555555555554444')];
    await detach(gone.id);
    await check();
    expect(await list()).toMatchObject([{ id: left.id, isDefault: true }]);
    expect(await auditOf('payment_method.remove')).toMatchObject([{ actor_kind: 'provider' }]);
  });

  it('takes the expiry that a bank has renewed, and writes down what it was', async () => {
    const { id, expires } = await store();
    await sql`update payments_methods set expires = '2020-01' where id = ${id}`.execute(
      shop.db.database,
    );
    await check();
    expect(await list()).toMatchObject([{ id, expires }]);
    expect(await auditOf('payment_method.change')).toMatchObject([
      { actor_kind: 'provider', old_values: { expires: '2020-01' } },
    ]);
  });

  it('believes nothing of a provider that does not answer, or of another account', async () => {
    const { id, confirmedAt } = await store();
    await detach(id);
    await till.steer(undefined, { answers: 'down' });
    shop.platform.clocks.advance('PT1H');
    await check();
    await till.steer(undefined, {});
    await sql`update payments_methods set merchant = 'acct_other'`.execute(shop.db.database);
    shop.platform.clocks.advance('P1D');
    expect(await check()).toBe(1);
    expect(await list()).toMatchObject([{ id, confirmedAt }]);
  });

  it('asks of none that was removed, and once when two processes ask', async () => {
    const [removed] = [await store(), await store('5555555555554444')];
    await removeMethod(shop.context, { organizationId: shop.organizationId, id: removed.id });
    const other = shop.otherProcess();
    const asked = await Promise.all([check(), checkMethods(other.context)]);
    await other.close();
    expect(asked.sort()).toEqual([0, 1]);
  });
});

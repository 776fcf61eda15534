import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openOrganization, openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { findMethod } from '../methods-store.ts';
import { type CardTill, openCardTill } from '../testing/card-till.ts';
import { openMethod } from './method-seals.ts';
import { pollAttempts } from './poll-attempts.ts';
import { pollSetups } from './poll-setups.ts';
import { listMethods, setDefaultMethod } from './read-methods.ts';
import { getPayment } from './read-payments.ts';
import { forgetRemoved, removeMethod, retryRemovals } from './remove-method.ts';
import { getSetup, setUpMethod } from './set-up-method.ts';

describe('stored payment methods', () => {
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
  const setUp = () => {
    const { organizationId, context } = shop;
    return setUpMethod(context, {
      ...{ organizationId, provider: 'stripe', means: undefined, returnUrl: undefined },
    });
  };

  it('are stored without paying, shown by label, and the first is the default', async () => {
    const visa = await store();
    const mastercard = await store('5555555555554444');
    expect(await list()).toMatchObject([
      { id: visa.id, label: 'Visa •••• 4242', isDefault: true, kind: 'card', provider: 'stripe' },
      { id: mastercard.id, label: 'Mastercard •••• 4444', isDefault: false },
    ]);
    expect(await readBooks(shop.db.database)).toEqual({});
  });

  it('are sealed, and never written down as the provider calls them', async () => {
    const { id } = await store();
    const stored = await findMethod(shop.context.database, id);
    expect(stored?.sealedReference).toMatch(/^v1\./);
    const { rows } = await sql`select payments_methods::text as row from payments_methods`.execute(
      shop.db.database,
    );
    const names = stored && openMethod(shop.context, stored);
    expect(names).toMatchObject({ label: 'Visa •••• 4242', customer: expect.any(String) });
    for (const written of [JSON.stringify(rows), JSON.stringify(shop.logged)]) {
      expect(written).not.toContain(names?.reference);
      expect(written).not.toContain(names?.customer);
    }
  });

  it('are found by the poll where the payer does not come back', async () => {
    const setup = await setUp();
    await till.steer(setup.number, { notify: 'none' });
    await till.steer(setup.number, { outcome: 'paid' });
    expect(await pollSetups(shop.context)).toBe(0);
    shop.platform.clocks.advance('PT1M');
    expect(await pollSetups(shop.context)).toBe(1);
    expect(await list()).toHaveLength(1);
    shop.platform.clocks.advance('P1D');
    expect(await pollSetups(shop.context)).toBe(0);
  });

  it('are asked for at most a day', async () => {
    const { id } = await setUp();
    shop.platform.clocks.advance('P1D');
    await pollSetups(shop.context);
    const { organizationId, context } = shop;
    expect(await getSetup(context, { organizationId, id })).toMatchObject({ status: 'canceled' });
  });

  it('are the organization’s own', async () => {
    const { id } = await store();
    await openOrganization(shop.context, 'org_other');
    const other = { organizationId: 'org_other', id };
    await expect(removeMethod(shop.context, other)).rejects.toMatchObject({ code: 'not_found' });
    await expect(setDefaultMethod(shop.context, other)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listMethods(shop.context, 'org_other')).toEqual([]);
  });

  it('have one default, also when two are chosen at once', async () => {
    const [first, second] = [await store(), await store('5555555555554444')];
    const { organizationId } = shop;
    const other = shop.otherProcess();
    await Promise.all(
      [first, second, first, second].map(({ id }, at) =>
        setDefaultMethod(at % 2 ? other.context : shop.context, { organizationId, id }),
      ),
    );
    await other.close();
    expect((await list()).filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it('are removed here and at the provider, and another becomes the default', async () => {
    const [first, second] = [await store(), await store('5555555555554444')];
    const { organizationId } = shop;
    await removeMethod(shop.context, { organizationId, id: first.id });
    expect(await list()).toMatchObject([{ id: second.id, isDefault: true }]);
    expect(await findMethod(shop.context.database, first.id)).toMatchObject({ status: 'removed' });
  });

  it('are removed at the provider later, where it does not answer', async () => {
    const { id } = await store();
    const { organizationId } = shop;
    await till.steer(undefined, { answers: 'down' });
    await removeMethod(shop.context, { organizationId, id });
    expect(await list()).toEqual([]);
    expect(await findMethod(shop.context.database, id)).toMatchObject({ status: 'removing' });
    await till.steer(undefined, {});
    expect(await retryRemovals(shop.context)).toBe(0);
    shop.platform.clocks.advance('PT1M');
    expect(await retryRemovals(shop.context)).toBe(1);
    expect(await findMethod(shop.context.database, id)).toMatchObject({ status: 'removed' });
  });

  it('go when the provider says that they are gone', async () => {
    const { id } = await store();
    expect(await forgetRemoved(shop.context, { provider: 'stripe', reference: 'pm_other' })).toBe(
      false,
    );
    const stored = await findMethod(shop.context.database, id);
    const reference = shop.context.sealer.open(
      stored?.sealedReference ?? '',
      `payments.method.${id}.reference`,
    );
    const told = { provider: 'stripe', reference };
    expect(await forgetRemoved(shop.context, { ...told, provider: 'paypal' })).toBe(false);
    expect(await forgetRemoved(shop.context, told)).toBe(true);
    expect(await forgetRemoved(shop.context, told)).toBe(false);
    expect(await list()).toEqual([]);
  });

  describe('of a payment', () => {
    const topUp = (savesMethod: boolean) =>
      topUpWallet(shop.context, {
        ...{ organizationId: shop.organizationId, amount: '20.00', currency: 'USD' },
        ...{ provider: 'stripe', means: 'card', savesMethod, returnUrl: undefined },
      });

    it('are kept where the payer wants that, once, however often it is asked about', async () => {
      const { payment } = await topUp(true);
      const number = await shop.numberOf(payment.id);
      await till.steer(number, { notify: 'none' });
      await till.steer(number, { outcome: 'paid' });
      const { organizationId, context } = shop;
      const other = shop.otherProcess();
      await Promise.all([
        getPayment(context, { organizationId, id: payment.id }),
        getPayment(other.context, { organizationId, id: payment.id }),
      ]);
      await other.close();
      for (let minute = 0; minute < 3; minute += 1) {
        shop.platform.clocks.advance('PT1M');
        await pollAttempts(context);
      }
      expect(await list()).toMatchObject([{ label: 'Visa •••• 4242', isDefault: true }]);
      expect(await readBooks(shop.db.database)).toMatchObject({ 'wallet USD': '20.00' });
    });

    it('stay removed, though the payment is asked about again', async () => {
      const { payment } = await topUp(true);
      const number = await shop.numberOf(payment.id);
      await till.steer(number, { notify: 'none' });
      await till.steer(number, { outcome: 'paid' });
      const { organizationId, context } = shop;
      await getPayment(context, { organizationId, id: payment.id });
      const [kept] = await list();
      await removeMethod(context, { organizationId, id: kept?.id ?? '' });
      shop.platform.clocks.advance('PT1H');
      await pollAttempts(context);
      await getPayment(context, { organizationId, id: payment.id });
      expect(await list()).toEqual([]);
    });

    it('are not kept where nobody asked for it', async () => {
      const { payment } = await topUp(false);
      await till.steer(await shop.numberOf(payment.id), { outcome: 'paid' });
      const { organizationId, context } = shop;
      await getPayment(context, { organizationId, id: payment.id });
      shop.platform.clocks.advance('PT1H');
      await pollAttempts(context);
      expect(await list()).toEqual([]);
    });

    it('are refused where the provider keeps none, and so are means that it does not have', async () => {
      const order = { organizationId: shop.organizationId, amount: '20.00', currency: 'USD' };
      const at = { ...order, returnUrl: undefined };
      await expect(
        topUpWallet(shop.context, { ...at, provider: 'credit', savesMethod: true }),
      ).rejects.toMatchObject({ code: 'rule_violated', param: 'save_method' });
      await expect(
        topUpWallet(shop.context, { ...at, provider: 'stripe', means: 'cheque' }),
      ).rejects.toMatchObject({ code: 'rule_violated', param: 'means' });
    });
  });
});

import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/pay-links';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newToken } from '../../../platform/crypto.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { recordAudit } from '../../audit/index.ts';
import { currentPlanVersion, findPackage, isOfferedTo, priceOf } from '../../catalog/index.ts';
import {
  changePriceLink,
  findPriceLink,
  insertPriceLink,
  listPriceLinkRows,
  type PriceLinkRow,
} from '../price-links-store.ts';

type View = AnswerOf<typeof endpoints.createPriceLink>;

/**
 * Publishes a price as a link. What it costs is what the package or plan costs when it is opened.
 * @throws Refusal `rule_violated`, `package_unavailable`, `plan_unavailable`.
 */
export async function createPriceLink(
  context: Context,
  command: BodyOf<typeof endpoints.createPriceLink>,
): Promise<View> {
  const row: PriceLinkRow = {
    link: newToken('pl_'),
    name: command.name,
    ...(await sellable(context, command)),
    ...{ status: 'active', sold: 0, created_at: context.clocks.business() },
  };
  await inTransaction(context, async (transaction) => {
    await insertPriceLink(transaction, row);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'price_link.create',
      resource: { kind: 'price_link', id: row.link },
      newValues: { name: row.name, package: row.package_id, plan: row.plan_id, cycle: row.cycle },
    });
  });
  return present(context, row);
}

async function sellable(
  { database }: Context,
  command: BodyOf<typeof endpoints.createPriceLink>,
): Promise<Pick<PriceLinkRow, 'package_id' | 'plan_id' | 'cycle' | 'currency'>> {
  const { package: packageId, plan, billing_cycle: cycle, currency } = command;
  if ((packageId === undefined) === (plan === undefined)) {
    throw new Refusal('rule_violated', 'Name either a package or a plan.', { param: 'package' });
  }
  if (packageId !== undefined) {
    if (cycle !== undefined || currency !== undefined) {
      throw new Refusal('rule_violated', 'A package has one price: name it alone.', {
        param: cycle === undefined ? 'currency' : 'billing_cycle',
      });
    }
    const sold = await findPackage(database, packageId);
    if (sold?.status !== 'active') throw unavailable('package');
    return { package_id: sold.id, plan_id: null, cycle: null, currency: null };
  }
  const version = await currentPlanVersion(database, plan ?? '');
  const price = version && priceOf(version.offer, { cycle, currency });
  const isSold = version?.status === 'active' && isOfferedTo(version.offer, '') && price;
  if (!isSold || version.offer.addonOf !== null) throw unavailable('plan');
  return {
    ...{ package_id: null, plan_id: version.planId },
    ...{ cycle: price.cycle, currency: price.currency },
  };
}

function unavailable(what: 'package' | 'plan'): Refusal {
  return new Refusal(
    `${what}_unavailable`,
    `This ${what} is not sold to everybody at such a price: choose another.`,
    { param: what },
  );
}

/** @throws Refusal `not_found`. */
export async function updatePriceLink(
  context: Context,
  link: string,
  changes: BodyOf<typeof endpoints.updatePriceLink>,
): Promise<View> {
  return inTransaction(context, async (transaction) => {
    const before = await findPriceLink(transaction, link);
    if (!before) throw notFound('price link');
    const { name = before.name, status = before.status } = changes;
    await changePriceLink(transaction, link, { name, status });
    if (name !== before.name || status !== before.status) {
      await recordAudit(context, transaction, {
        organizationId: null,
        action: 'price_link.update',
        resource: { kind: 'price_link', id: link },
        oldValues: { name: before.name, status: before.status },
        newValues: { name, status },
      });
    }
    return present(context, { ...before, name, status });
  });
}

export async function listPriceLinks(context: Context, request: PageRequest): Promise<Page<View>> {
  const rows = await listPriceLinkRows(context.database, {
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(
    rows,
    request,
    ({ link }) => link,
    (row) => present(context, row),
  );
}

function present({ config }: Context, row: PriceLinkRow): View {
  return {
    id: row.link,
    name: row.name,
    url: `${config.publicUrl}/pay/${row.link}`,
    status: row.status,
    package: row.package_id,
    plan: row.plan_id,
    billing_cycle: row.cycle,
    currency: row.currency,
    sold: row.sold,
    created_at: row.created_at.toISOString(),
  };
}

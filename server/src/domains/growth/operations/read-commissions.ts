import type {
  getResale,
  listCommissions,
  searchCommissions,
  searchResellers,
} from '@sluice/contract/commissions';
import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findPeople } from '../../identity/index.ts';
import {
  type Commission,
  listCommissionRows,
  listCustomerUsers,
  listGrants,
  listResellerFigures,
} from '../commissions-store.ts';
import { presentCommission, presentReseller, presentWho } from '../core/present-commissions.ts';

type Own = AnswerOf<typeof listCommissions>['data'][number];
type Any = AnswerOf<typeof searchCommissions>['data'][number];
type Reseller = AnswerOf<typeof searchResellers>['data'][number];

/** An organization's own terms and figures, where it is a reseller. */
export async function readResale(
  { database, config }: Context,
  organizationId: string,
): Promise<AnswerOf<typeof getResale>> {
  const [figures] = await listResellerFigures(database, { organizationId, limit: 1 });
  return { reseller: figures ? presentReseller(figures, config.usageCurrency) : null };
}

export async function findResellers(
  { database, config }: Context,
  page: QueryOf<typeof searchResellers>,
): Promise<Page<Reseller>> {
  const rows = await listResellerFigures(database, {
    ...{ after: readCursor(page), limit: page.limit + 1 },
  });
  return pageOf(
    rows,
    page,
    ({ organizationId }) => organizationId,
    (row) => presentReseller(row, config.usageCurrency),
  );
}

/** A reseller's own, with the customer's mail address masked. */
export async function readOwnCommissions(
  context: Context,
  organizationId: string,
  page: QueryOf<typeof listCommissions>,
): Promise<Page<Own>> {
  const rows = await listCommissionRows(context.database, {
    ...{ resellerId: organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  const who = await namesOf(context, rows);
  const given = await givenFor(context, rows);
  return pageOf(rows, page, idOf, (row) => ({
    ...presentCommission(row, shownWith(context, given, row)),
    who: presentWho(who.get(row.customerId)),
  }));
}

export async function findCommissions(
  context: Context,
  { state, organization: organizationId, ...page }: QueryOf<typeof searchCommissions>,
): Promise<Page<Any>> {
  const rows = await listCommissionRows(context.database, {
    ...{ state, organizationId, before: readCursor(page), limit: page.limit + 1 },
  });
  const given = await givenFor(context, rows);
  return pageOf(rows, page, idOf, (row) => ({
    ...presentCommission(row, shownWith(context, given, row)),
    reseller: row.resellerId,
    customer: row.customerId,
  }));
}

const idOf = ({ id }: Commission) => id;

function shownWith({ config }: Context, given: ReadonlyMap<string, bigint>, { id }: Commission) {
  return { given: given.get(id) ?? 0n, currency: config.usageCurrency };
}

async function givenFor(
  { database }: Context,
  rows: readonly Commission[],
): Promise<ReadonlyMap<string, bigint>> {
  const given = new Map<string, bigint>();
  for (const { commissionId, amount, takenBack } of await listGrants(database, rows.map(idOf))) {
    given.set(commissionId, (given.get(commissionId) ?? 0n) + amount - takenBack);
  }
  return given;
}

async function namesOf(
  { database }: Context,
  rows: readonly Commission[],
): Promise<ReadonlyMap<string, string>> {
  const users = await listCustomerUsers(database, [
    ...new Set(rows.map(({ customerId }) => customerId)),
  ]);
  const people = await findPeople(
    database,
    users.map(({ userId }) => userId),
  );
  const emails = new Map(people.map(({ id, email }) => [id, email]));
  return new Map(
    users.flatMap(({ customerId, userId }) => {
      const email = emails.get(userId);
      return email === undefined ? [] : [[customerId, email] as const];
    }),
  );
}

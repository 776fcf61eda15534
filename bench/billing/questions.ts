/** What is asked of the API, as paths: each kind in as many rounds as are wanted, spread over the data. */
import type { World } from './world.ts';

export type Asker = 'customer' | 'operator';

export interface Kind {
  name: string;
  asker: Asker;
  /** Kinds of one figure are measured together. */
  figure: 'list' | 'detail' | 'audit';
  path(round: number): string;
}

const day = 86_400_000;

export function questionsOf(world: World): Kind[] {
  return [...listsOf(world), ...detailsOf(world), ...auditOf(world)];
}

function listsOf(world: World): Kind[] {
  const list = (asker: Asker, name: string, path: Kind['path']): Kind => ({
    ...{ name, asker, figure: 'list', path },
  });
  const own = '/api/v1/billing/invoices';
  const all = '/api/v1/admin/invoices';
  return [
    list('customer', 'own, first page', () => own),
    list('customer', 'own, a page of 100', () => `${own}?limit=100`),
    list('customer', 'own, further on', (round) => `${own}?cursor=${cursorAt(world, round)}`),
    list('operator', 'all, first page', () => all),
    list('operator', 'all, further on', (round) => `${all}?cursor=${cursorAt(world, round)}`),
    list(
      'operator',
      'of one customer',
      (round) => `${all}?organization=${pick(world.organizations, round)}`,
    ),
    list('operator', 'open', () => `${all}?status=open`),
    list('operator', 'overdue', () => `${all}?overdue=true`),
    list('operator', 'uncollectible, of which there is none', () => `${all}?status=uncollectible`),
    list('operator', 'of a kind', () => `${all}?kind=top_up`),
    list('operator', 'by number', (round) => `${all}?q=${pick(world.invoices, round).number}`),
    list('operator', 'of a day', (round) => {
      const { issuedAt } = pick(world.invoices, round);
      const to = new Date(issuedAt.getTime() + day);
      return `${all}?from=${issuedAt.toISOString()}&to=${to.toISOString()}`;
    }),
  ];
}

function detailsOf({ invoices, own }: World): Kind[] {
  const owned = invoices.filter(({ organizationId }) => organizationId === own);
  return [
    {
      ...{ name: 'own invoice', asker: 'customer', figure: 'detail' },
      path: (round) => `/api/v1/billing/invoices/${pick(owned, round).id}`,
    },
    {
      ...{ name: 'any invoice', asker: 'operator', figure: 'detail' },
      path: (round) => `/api/v1/admin/invoices/${pick(invoices, round).id}`,
    },
  ];
}

function auditOf({ organizations }: World): Kind[] {
  const audit = (asker: Asker, name: string, path: Kind['path']): Kind => ({
    ...{ name, asker, figure: 'audit', path },
  });
  const all = '/api/v1/admin/audit-logs';
  return [
    audit('customer', 'own', () => '/api/v1/audit-logs'),
    audit('customer', 'own, a page of 100', () => '/api/v1/audit-logs?limit=100'),
    audit('operator', 'all', () => all),
    audit(
      'operator',
      'of one customer',
      (round) => `${all}?organization=${pick(organizations, round)}`,
    ),
    audit('operator', 'of one actor', (round) => `${all}?actor=usr_${(round * 37) % 3000}`),
    audit(
      'operator',
      'of one record',
      (round) => `${all}?resource=record_${(round * 997) % 50_000}`,
    ),
    audit('operator', 'of an action', () => `${all}?action=invoice.pay`),
    audit('operator', 'of an action that nobody did', () => `${all}?action=tax.update`),
  ];
}

/** Documents in both languages in turn. */
export function documentsOf({ invoices }: World): Kind['path'] {
  return (round) =>
    `/api/v1/admin/invoices/${pick(invoices, round).id}/pdf?locale=${round % 2 === 0 ? 'zh-CN' : 'en'}`;
}

function cursorAt({ invoices }: World, round: number): string {
  return Buffer.from(pick(invoices, round).id).toString('base64url');
}

/** Far from the one before, so that no two rounds read the same pages. */
function pick<T>(list: readonly T[], round: number): T {
  return list[(round * 7907) % list.length] as T;
}

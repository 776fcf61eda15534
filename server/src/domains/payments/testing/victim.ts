/** A shop that is attacked: orders at Credit, true notifications to forge from, and its books to look at afterwards. */
import { sign } from '../../../../../sandbox/src/credit/signature.ts';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import type { Listener } from '../../../platform/events.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readInbox, readUnapplied } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { receiveNotification } from '../operations/receive-notification.ts';
import { updateProvider } from '../operations/update-provider.ts';

export type Fields = Record<string, string>;
type TopUp = Awaited<ReturnType<Shop['topUp']>>;

export interface Victim {
  shop: Shop;
  /** A top-up of 20.00 USD, 144.00 at the gateway, and what a notification of it would say. */
  order(): Promise<TopUp & { number: string; fields: Fields }>;
  /** Paid at the gateway, which told nobody; `truth` is what it would say. */
  paidInSilence(): Promise<TopUp & { number: string; fields: Fields; truth: Fields }>;
  signed(fields: Fields, key?: string): Fields;
  /** From now on a well signed notification is believed without asking the gateway. */
  trust(): Promise<void>;
  /** The same notification to two processes at once, `times` in all; the words of the answers. */
  storm(fields: Fields, times: number): Promise<string[]>;
  books(): Promise<Record<string, string>>;
  unapplied(): ReturnType<typeof readUnapplied>;
  inbox(): ReturnType<typeof readInbox>;
  /** A whole table, to look for what must not be in it. */
  rowsOf(table: 'audit_entries' | 'payments_providers'): Promise<unknown[]>;
  close(): Promise<void>;
}

/** Notifications come once: what the attacker sends is what the test sends. */
export function startGateway(): Promise<Sandbox> {
  return startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 3_600_000 });
}

export async function openVictim(
  sandbox: Sandbox,
  options: { listeners?: readonly Listener[] } = {},
): Promise<Victim> {
  const shop = await openShop(sandbox, options);
  const { pid, key } = sandbox.credit;
  const { database } = shop.db;
  const signed = (fields: Fields, by = key) => ({ ...fields, sign: sign(fields, by) });
  const order = async () => {
    const bought = await shop.topUp('20.00');
    const number = await shop.numberOf(bought.payment.id);
    const fields: Fields = {
      ...{ pid, trade_no: '176000000000012345', out_trade_no: number, type: 'epay' },
      ...{ name: 'Wallet top-up', money: '144.00', trade_status: 'TRADE_SUCCESS' },
    };
    return { ...bought, number, fields };
  };
  return {
    shop,
    order,
    signed,
    async paidInSilence() {
      const { fields: expected, ...bought } = await order();
      await shop.steer(bought.number, { notify: 'none' });
      await shop.visit(bought.payment.next);
      const question = new URLSearchParams({ act: 'order', pid, key, out_trade_no: bought.number });
      const answer = (await (
        await fetch(`${shop.gatewayUrl}/api.php?${question}`)
      ).json()) as Fields;
      const { trade_no = '', name = '' } = answer;
      const fields = { ...expected, trade_no, name };
      return { ...bought, fields, truth: signed(fields) };
    },
    trust: () =>
      updateProvider(shop.context, { provider: 'credit', settings: { confirm_by_query: false } }),
    storm: (fields, times) => storm(shop, fields, times),
    books: () => readBooks(database),
    unapplied: () => readUnapplied(database),
    inbox: () => readInbox(database),
    rowsOf: (table) =>
      database
        .withTables<Record<'audit_entries' | 'payments_providers', object>>()
        .selectFrom(table)
        .selectAll()
        .execute(),
    close: () => shop.close(),
  };
}

async function storm(shop: Shop, fields: Fields, times: number): Promise<string[]> {
  const other = shop.otherProcess();
  const query = new URLSearchParams(fields).toString();
  const notification = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
  const answers = await Promise.all(
    Array.from({ length: times }, (_, index) =>
      receiveNotification(index % 2 === 0 ? shop.context : other.context, {
        provider: 'credit',
        notification,
      }),
    ),
  );
  await other.close();
  return answers.map(({ body }) => body);
}

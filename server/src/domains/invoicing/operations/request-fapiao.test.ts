/** What a fapiao may be asked for, over HTTP and between processes. */
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { changeSettings } from '../../settings/index.ts';
import {
  ask,
  asked,
  credit,
  desk,
  operate,
  organizationId,
  own,
  paidInvoice,
  pay,
  statusOf,
  title,
  useFapiaoDesk,
} from '../testing/fapiao.ts';
import { collectInvoice } from './collect-invoice.ts';
import { createCreditNote } from './create-credit-note.ts';
import { requestFapiao } from './request-fapiao.ts';

useFapiaoDesk();

describe('requestFapiao', () => {
  it('asks for what was paid, and remembers the title', async () => {
    const [first = '', second = ''] = [await paidInvoice(), await paidInvoice()].sort();
    await credit(second, '2500');
    const before = (await own('fapiao-title')).json();
    expect(before).toEqual({ vat: 'general', title: null });
    const answer = await ask([first, second, first]);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({
      ...{ status: 'requested', amount: '225.00', currency: 'CNY', number: null, file: null },
      invoices: [
        { id: first, amount: '125.00' },
        { id: second, amount: '100.00' },
      ],
      title: { name: title.name, tax_number: title.tax_number, phone: null },
    });
    expect((await own('fapiao-title')).json()).toMatchObject({
      vat: 'general',
      title: { kind: 'company', tax_number: title.tax_number, email: title.email },
    });
  });

  it('takes an invoice once, until it was rejected', async () => {
    const invoice = await paidInvoice();
    const id = await asked([invoice]);
    const again = await ask([invoice]);
    expect(again.statusCode).toBe(409);
    expect(again.json().error).toMatchObject({ code: 'invalid_state', param: 'invoices' });
    await operate(id, 'reject', { reason: 'The tax number is not theirs' });
    expect(await asked([invoice])).not.toBe(id);
    expect((await own(`fapiao?invoice=${invoice}`)).json().data).toHaveLength(2);
  });

  it('is refused where the database holds another that stands, whatever was checked before', async () => {
    const invoice = await paidInvoice();
    const id = await asked([invoice]);
    const other = await asked();
    const forced = sql`
      insert into invoicing_fapiao_invoices (fapiao_id, invoice_id, amount_minor)
      values (${other}, ${invoice}, 1)
    `.execute(desk.db.database);
    await expect(forced).rejects.toThrow('invoicing_fapiao_invoice_once');
    expect(await statusOf(id)).toBe('requested');
  });

  it('takes nothing unpaid, in another currency, given back, or another customer’s', async () => {
    const open = await desk.issue(organizationId, 10_000n, { currency: 'CNY' });
    const dollars = await desk.issue(organizationId, 10_000n);
    await desk.pay(organizationId, '125.00', dollars.id);
    const [credited, mine] = [await paidInvoice(), await paidInvoice()];
    await credit(credited);
    const codes = [];
    for (const id of [open.id, dollars.id, credited, 'inv_none']) {
      codes.push((await ask([id])).json().error.code);
    }
    expect(codes).toEqual(['invalid_state', 'currency_unsupported', 'rule_violated', 'not_found']);
    const other = await desk.newCustomer();
    expect((await ask([mine], {}, other)).statusCode).toBe(404);
    const listed = (await own('fapiao-invoices')).json().data;
    const blocks = listed.map(({ id, block }: { id: string; block: string }) => [id, block]);
    expect(Object.fromEntries(blocks)).toEqual({
      [dollars.id]: 'currency',
      [credited]: 'nothing_left',
      [mine]: null,
    });
  });

  it('counts no money twice: not what the wallet paid, nor credit of unknown origin', async () => {
    await changeSettings(desk.context, { fapiao_currencies: ['CNY', 'USD'] });
    await desk.pay(organizationId, '500.00');
    const [topUp] = (await own('fapiao-invoices')).json().data;
    expect(topUp).toMatchObject({ kind: 'top_up', amount: '500.00', block: null });
    const fromWallet = await desk.issue(organizationId, 10_000n);
    await collectInvoice(desk.context, { invoiceId: fromWallet.id, mayUseWallet: true });
    await creditDollars(fromWallet.id, 2_000n);
    const usesIt = await desk.issue(organizationId, 10_000n);
    await desk.pay(organizationId, '105.00', usesIt.id);
    const rows = Object.fromEntries(
      (await own('fapiao-invoices'))
        .json()
        .data.map((row: { id: string; amount: string; block: string }) => [row.id, row]),
    );
    expect(rows[fromWallet.id]).toMatchObject({ amount: '0.00', block: 'from_wallet' });
    expect(rows[usesIt.id]).toMatchObject({ total: '125.00', amount: '105.00', block: null });
    await changeSettings(desk.context, { fapiao_currencies: ['CNY'] });
  });

  it('counts credit whose money came from outside', async () => {
    const first = await paidInvoice();
    await credit(first, '2500');
    const second = await desk.issue(organizationId, 10_000n, { currency: 'CNY' });
    await pay(second.id, '100.00');
    const amounts = (await own('fapiao-invoices'))
      .json()
      .data.map(({ amount }: { amount: string }) => amount);
    // 225.00 came in all: 125.00 for the first, 25.00 of it now the second's, and 100.00.
    expect(amounts.sort()).toEqual(['100.00', '125.00']);
  });

  const refused: [name: string, changes: object, param: string][] = [
    ['a company without its tax number', { title: { ...title, tax_number: undefined } }, 'title'],
    ['a tax number of another length', { title: { ...title, tax_number: '9131' } }, 'title'],
    ['a special fapiao without bank and address', { vat: 'special' }, 'title'],
    [
      'a special fapiao for a person',
      { vat: 'special', title: { kind: 'individual', name: '张三', email: title.email } },
      'vat',
    ],
    ['no invoice', { invoices: [] }, 'invoices'],
  ];
  it.each(refused)('refuses %s', async (_name, changes, param) => {
    const answer = await ask(['inv_01'], changes);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.param).toMatch(new RegExp(`^${param}`));
  });

  it('lets one of two processes have an invoice', async () => {
    const [one, two] = [await paidInvoice(), await paidInvoice()];
    const other = desk.otherProcess();
    const wanted = {
      ...{ organizationId, vat: 'general' as const },
      title: {
        ...{ kind: 'individual' as const, name: '个人', email: 'a@b.test', taxNumber: null },
        ...{ address: null, phone: null, bank: null, account: null },
      },
    };
    const tries = await Promise.allSettled(
      [desk.context, other.context, desk.context, other.context].map((context, index) =>
        requestFapiao(context, {
          ...wanted,
          invoiceIds: index % 2 === 0 ? [one, two] : [two, one],
        }),
      ),
    );
    await other.close();
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(reasons.map(({ code }) => code)).toEqual(Array(3).fill('invalid_state'));
    expect((await own('fapiao')).json().data).toHaveLength(1);
  });
});

/** A credit note in dollars. */
function creditDollars(invoiceId: string, minor: bigint) {
  return inTransaction(desk.context, (transaction) =>
    createCreditNote(desk.context, transaction, {
      invoiceId,
      reason: 'A day without service',
      credit: { kind: 'amount', amount: { minor, currency: 'USD' } },
    }),
  );
}

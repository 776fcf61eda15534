/** A fapiao from being asked for to being reversed, over HTTP and between processes. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Context, inTransaction } from '../../platform/context.ts';
import { changeSettings } from '../settings/index.ts';
import { type FapiaoAction, type FapiaoStatus, fapiaoTransitions } from './core/fapiao.ts';
import { collectInvoice } from './operations/collect-invoice.ts';
import { createCreditNote } from './operations/create-credit-note.ts';
import { issueFapiao } from './operations/issue-fapiao.ts';
import { recordManualPayment } from './operations/record-manual-payment.ts';
import { requestFapiao } from './operations/request-fapiao.ts';
import { type Desk, openDesk } from './testing/desk.ts';

let desk: Desk;
let organizationId: string;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(async () => {
  organizationId = await desk.newCustomer();
});
afterAll(() => desk.close());

const pdf = Buffer.from('%PDF-1.7\nA fapiao\n').toString('base64');
const title = {
  kind: 'company',
  name: '示例科技有限公司',
  tax_number: '91310000MA1K35X12A',
  email: 'books@customer.test',
};

/** 100.00 before tax, 125.00 with it, paid by bank transfer. */
async function paidInvoice(): Promise<string> {
  const { id } = await desk.issue(organizationId, 10_000n, { currency: 'CNY' });
  await pay(id, '125.00');
  return id;
}

function pay(invoiceId: string, amount: string, currency = 'CNY') {
  const note = 'Bank transfer';
  return recordManualPayment(desk.context, { organizationId, invoiceId, amount, currency, note });
}

const own = (url: string, by = organizationId) =>
  desk.ask({ method: 'GET', url: `/api/v1/billing/${url}` }, by);
const ask = (invoices: string[], changes: object = {}, by = organizationId) =>
  desk.ask(
    {
      method: 'POST',
      url: '/api/v1/billing/fapiao',
      payload: { invoices, vat: 'general', title, ...changes },
    },
    by,
  );
const operate = (id: string, action: string, payload: object = {}) =>
  desk.ask({ method: 'POST', url: `/api/v1/admin/fapiao/${id}/${action}`, payload });

let lastNumber = 26_312_000_000n;
const nextNumber = () => {
  lastNumber += 1n;
  return String(lastNumber);
};
const issuing = (changes: object = {}) => ({
  ...{ amount: '125.00', number: nextNumber(), issued_on: '2026-01-01' },
  file: { format: 'pdf', content: pdf },
  ...changes,
});
const reversing = (changes: object = {}) => ({
  ...{ number: nextNumber(), reversed_on: '2026-01-01' },
  ...changes,
});

async function asked(invoices?: string[]): Promise<string> {
  const answer = await ask(invoices ?? [await paidInvoice()]);
  expect(answer.statusCode, answer.body).toBe(201);
  desk.platform.clocks.advance('PT1S');
  return answer.json().id;
}

function credit(invoiceId: string, amount?: string, context: Context = desk.context) {
  return inTransaction(context, (transaction) =>
    createCreditNote(context, transaction, {
      invoiceId,
      reason: 'A day without service',
      credit: amount
        ? { kind: 'amount', amount: { minor: BigInt(amount), currency: 'CNY' } }
        : { kind: 'whole' },
    }),
  );
}

const statusOf = async (id: string) => (await own(`fapiao/${id}`)).json().status;

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

/** Ways to bring a fapiao to a state. */
const paths: Record<FapiaoStatus, FapiaoAction[]> = {
  requested: [],
  issued: ['issue'],
  sent: ['issue', 'send'],
  rejected: ['reject'],
  to_be_reversed: ['issue', 'credit'],
  reversed: ['issue', 'reverse'],
};

async function act(id: string, invoice: string, action: FapiaoAction): Promise<number> {
  if (action === 'credit') {
    await credit(invoice, '100');
    return 200;
  }
  const bodies = { issue: issuing, send: () => ({}), reverse: reversing };
  const body = action === 'reject' ? { reason: 'Not theirs' } : bodies[action]();
  return (await operate(id, action, body)).statusCode;
}

describe('the states of a fapiao', () => {
  const states = Object.keys(paths) as FapiaoStatus[];
  const actions: FapiaoAction[] = ['issue', 'send', 'reject', 'credit', 'reverse'];
  const pairs = states.flatMap((status) => actions.map((action) => [status, action] as const));

  it.each(pairs)('%s and %s', async (status, action) => {
    const invoice = await paidInvoice();
    const id = await asked([invoice]);
    for (const step of paths[status]) expect(await act(id, invoice, step)).toBe(200);
    expect(await statusOf(id)).toBe(status);
    const expected = fapiaoTransitions[status][action];
    const answer = await act(id, invoice, action);
    // What was rejected or reversed is no longer the invoice's: a credit note leaves it alone.
    const isRefused = expected === undefined && action !== 'credit';
    expect(answer).toBe(isRefused ? 409 : 200);
    expect(await statusOf(id)).toBe(expected ?? status);
  });

  it('are kept by the database too', async () => {
    const id = await asked();
    const forced = sql`
      update invoicing_fapiao set status = 'sent', sent_at = requested_at where id = ${id}
    `.execute(desk.db.database);
    await expect(forced).rejects.toThrow('does not go from requested to sent');
  });

  it('are each in the audit log, with what was before', async () => {
    const id = await asked();
    await operate(id, 'issue', issuing({ number: '26999999' }));
    await operate(id, 'send');
    const { rows } = await sql<{ action: string; old_values: object; new_values: object }>`
      select action, old_values, new_values
      from audit_entries
      where resource_id = ${id}
      order by position
    `.execute(desk.db.database);
    expect(rows.map(({ action }) => action)).toEqual([
      'fapiao.request',
      'fapiao.issue',
      'fapiao.send',
    ]);
    expect(rows[1]?.old_values).toMatchObject({ status: 'requested', number: null });
    expect(rows[1]?.new_values).toMatchObject({ status: 'issued', number: '26999999' });
  });
});

describe('issueFapiao', () => {
  it('keeps the file with its checksum, for its organization alone', async () => {
    const id = await asked();
    const other = await desk.newCustomer();
    expect((await own(`fapiao/${id}/file`)).statusCode).toBe(404);
    const { number } = (await operate(id, 'issue', issuing())).json();
    const file = await own(`fapiao/${id}/file`);
    expect(file.rawPayload.toString('base64')).toBe(pdf);
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="fapiao-${number}.pdf"`,
      'cache-control': 'private, no-store',
    });
    for (const url of [`fapiao/${id}/file`, `fapiao/${id}`]) {
      expect((await own(url, other)).statusCode).toBe(404);
    }
    const admin = `/api/v1/admin/fapiao/${id}/file`;
    expect((await desk.ask({ method: 'GET', url: admin }, other)).statusCode).toBe(403);
    expect((await desk.ask({ method: 'GET', url: admin })).rawPayload.length).toBe(18);
    expect((await own('fapiao', other)).json().data).toEqual([]);
    const touched = sql`
      update invoicing_fapiao_files set content = 'x', bytes = 1 where fapiao_id = ${id}
    `.execute(desk.db.database);
    await expect(touched).rejects.toThrow('invoicing_fapiao_files_sha256');
  });

  it('is corrected until it is sent', async () => {
    const id = await asked();
    const { number } = (await operate(id, 'issue', issuing())).json();
    const same = await operate(id, 'issue', issuing({ number, issued_on: '2025-12-31' }));
    expect(same.json()).toMatchObject({ number, issued_on: '2025-12-31' });
    const ofd = Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2]).toString('base64');
    const file = { format: 'ofd', content: ofd };
    const changed = await operate(id, 'issue', issuing({ file }));
    expect(changed.json()).toMatchObject({ file: { format: 'ofd', bytes: 6 } });
    await operate(id, 'send');
    expect((await operate(id, 'issue', issuing())).json().error.code).toBe('invalid_state');
  });

  it('refuses a number, a file, a day or an amount that cannot be', async () => {
    const taken = await asked();
    const { number } = (await operate(taken, 'issue', issuing())).json();
    const id = await asked();
    const big = Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(1024 * 1024)]);
    const cases: [object, number, string][] = [
      [{ number }, 409, 'number'],
      [{ number: '12' }, 400, 'number'],
      [{ amount: '124.99' }, 409, 'amount'],
      [{ issued_on: '2099-01-01' }, 422, 'issued_on'],
      [{ file: { format: 'ofd', content: pdf } }, 422, 'file.content'],
      [{ file: { format: 'pdf', content: `${pdf}*` } }, 422, 'file.content'],
      [{ file: { format: 'pdf', content: big.toString('base64') } }, 400, 'file.content'],
    ];
    for (const [changes, status, param] of cases) {
      const answer = await operate(id, 'issue', issuing(changes));
      expect([answer.statusCode, answer.json().error.param], answer.body).toEqual([status, param]);
    }
    // The same number beside another code is another fapiao.
    const coded = await operate(id, 'issue', issuing({ number, code: '031001600111' }));
    expect(coded.json()).toMatchObject({ status: 'issued', code: '031001600111' });
  });

  it('gives a number to one of two at once', async () => {
    const ids = [await asked(), await asked()];
    const body = {
      ...{ amount: '125.00', number: nextNumber(), issued_on: '2026-01-01' },
      file: { format: 'pdf' as const, content: pdf },
    };
    const other = desk.otherProcess();
    const tries = await Promise.allSettled([
      issueFapiao(desk.context, ids[0] ?? '', body),
      issueFapiao(other.context, ids[1] ?? '', body),
    ]);
    await other.close();
    const reasons = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(reasons).toEqual(['already_exists']);
  });
});

describe('sendFapiao', () => {
  it('mails the file, and again where it is asked to', async () => {
    const id = await asked();
    await operate(id, 'issue', issuing({ number: '26888888' }));
    await operate(id, 'send');
    expect((await operate(id, 'send')).json().status).toBe('sent');
    const mails = (await desk.mailsTo('books')).filter(({ subject }) =>
      subject.includes('26888888'),
    );
    expect(mails).toHaveLength(2);
    expect(mails[0]).toMatchObject({
      to: title.email,
      attachments: [{ name: 'fapiao-26888888.pdf', contentType: 'application/pdf', content: pdf }],
    });
    expect(mails[0]?.text).toContain('125.00 CNY');
  });
});

describe('a credit note for an invoice on a fapiao', () => {
  it('lessens one that is only asked for, which is then issued over the new amount', async () => {
    const invoice = await paidInvoice();
    const id = await asked([invoice]);
    await credit(invoice, '2500');
    expect((await own(`fapiao/${id}`)).json()).toMatchObject({
      ...{ status: 'requested', amount: '100.00' },
      invoices: [{ amount: '100.00' }],
    });
    const old = await operate(id, 'issue', issuing());
    expect(old.json().error).toMatchObject({ code: 'conflict', param: 'amount' });
    expect((await operate(id, 'issue', issuing({ amount: '100.00' }))).statusCode).toBe(200);
  });

  it('rejects one of which nothing is left, and keeps the rest of one for several', async () => {
    const [first, second] = [await paidInvoice(), await paidInvoice()];
    const both = await asked([first, second]);
    await credit(first);
    expect((await own(`fapiao/${both}`)).json()).toMatchObject({ amount: '125.00' });
    await credit(second);
    expect((await own(`fapiao/${both}`)).json()).toMatchObject({
      ...{ status: 'rejected', reason: 'A day without service', amount: '125.00' },
    });
  });

  it('has one that was issued reversed; what is left takes another', async () => {
    const invoice = await paidInvoice();
    const id = await asked([invoice]);
    const { number } = (await operate(id, 'issue', issuing())).json();
    await operate(id, 'send');
    await credit(invoice, '2500');
    expect((await own(`fapiao/${id}`)).json()).toMatchObject({
      ...{ status: 'to_be_reversed', amount: '125.00', reason: 'A day without service' },
    });
    expect((await ask([invoice])).statusCode).toBe(409);
    const queue = await desk.ask({ method: 'GET', url: '/api/v1/admin/fapiao?waiting=true' });
    expect(queue.json().data.map((row: { id: string }) => row.id)).toContain(id);
    const wrong = await operate(id, 'reverse', reversing({ number }));
    expect(wrong.json().error.code).toBe('already_exists');
    const reversed = await operate(id, 'reverse', reversing());
    expect(reversed.json()).toMatchObject({ status: 'reversed', reversed_on: '2026-01-01' });
    expect((await ask([invoice])).json()).toMatchObject({ amount: '100.00' });
  });

  it('is never missed while it is issued at the same moment', async () => {
    const other = desk.otherProcess();
    for (let round = 0; round < 5; round += 1) {
      // What one round credits would pay the next round's invoice.
      organizationId = await desk.newCustomer();
      const invoice = await paidInvoice();
      const id = await asked([invoice]);
      await Promise.allSettled([
        credit(invoice, '2500', other.context),
        issueFapiao(desk.context, id, {
          ...{ amount: '125.00', number: nextNumber(), issued_on: '2026-01-01' },
          file: { format: 'pdf', content: pdf },
        }),
      ]);
      const { status, amount } = (await own(`fapiao/${id}`)).json();
      expect([
        { status: 'to_be_reversed', amount: '125.00' },
        { status: 'requested', amount: '100.00' },
      ]).toContainEqual({ status, amount });
    }
    await other.close();
  });
});

describe('the queue', () => {
  it('is the operators’ alone, and holds what waits for them, the oldest first', async () => {
    const [old, recent, done] = [await asked(), await asked(), await asked()];
    await operate(done, 'reject', { reason: 'Not theirs' });
    await operate(recent, 'issue', issuing());
    const list = async (query: string) => {
      const url = `/api/v1/admin/fapiao?organization=${organizationId}${query}`;
      const answer = await desk.ask({ method: 'GET', url });
      return answer.json().data.map((row: { id: string }) => row.id);
    };
    expect(await list('&waiting=true')).toEqual([old, recent]);
    expect(await list('')).toEqual([done, recent, old]);
    expect(await list('&status=rejected')).toEqual([done]);
    const { number } = (await own(`fapiao/${recent}`)).json();
    expect(await list(`&q=${number}`)).toEqual([recent]);
    for (const action of ['issue', 'send', 'reject', 'reverse']) {
      const url = `/api/v1/admin/fapiao/${old}/${action}`;
      const answer = await desk.ask({ method: 'POST', url, payload: {} }, organizationId);
      expect(answer.statusCode).toBe(403);
    }
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { invoicingJobs } from './jobs.ts';
import { readBooks } from './testing/books.ts';
import { type Desk, openDesk } from './testing/desk.ts';

describe('invoices that operators write', () => {
  let desk: Desk;
  let organizationId: string;
  beforeAll(async () => {
    desk = await openDesk();
  });
  beforeEach(async () => {
    organizationId = await desk.newCustomer();
  });
  afterAll(() => desk.close());

  const path = '/api/v1/admin/invoices';
  const write = (body: object) =>
    desk.ask({
      ...{ method: 'POST', url: path },
      payload: { organization: organizationId, currency: 'USD', lines: workshop, ...body },
    });
  const act = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    desk.ask({ method, url: `${path}/${url}`, ...(payload && { payload }) });
  const workshop = [
    { description: 'Workshop', quantity: '1.5', unit_amount: '900.00' },
    { description: 'Travel', unit_amount: 120.5, taxed: false },
    { description: 'Agreed reduction', unit_amount: '-50' },
  ];
  /** Runs the job as often as it waits in the queue for this invoice. */
  const runJobs = async (invoiceId: string) => {
    const { rows } = await sql<{ payload: { invoiceId: string } }>`
      select payload
      from graphile_worker._private_jobs
    `.execute(desk.db.database);
    const job = invoicingJobs.find(({ name }) => name === 'invoicing.ask_for_payment');
    const waiting = rows.filter(({ payload }) => payload.invoiceId === invoiceId);
    for (const { payload } of waiting) await job?.run(desk.context, payload);
    return waiting.length;
  };

  it('are issued at once, and mailed with the address to pay at', async () => {
    const answer = await write({ due_in_days: 14 });
    expect(answer.statusCode).toBe(201);
    const invoice = answer.json();
    expect(invoice).toMatchObject({
      ...{ kind: 'manual', status: 'open', subtotal: '1420.50', tax: '325.00', total: '1745.50' },
      ...{ due: '1745.50', organization: organizationId, due_at: '2026-03-18T12:00:00.000Z' },
      lines: [
        { description: 'Workshop', quantity: '1.5', unit_amount: '900.00', amount: '1350.00' },
        { description: 'Travel', amount: '120.50', tax_rate: null },
        { description: 'Agreed reduction', amount: '-50.00' },
      ],
    });
    expect(await runJobs(invoice.id)).toBe(1);
    await runJobs(invoice.id);
    const mails = await desk.mailsTo(organizationId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('/pay/');
  });

  it('are drafts that are written anew, finalized once, and mailed only then', async () => {
    const { id, draft } = (await write({ draft: true })).json();
    expect(draft).toEqual({
      due_in_days: null,
      taxed: [true, false, true],
      with_next_invoice: false,
    });
    expect(await runJobs(id)).toBe(0);
    const lines = [{ description: 'Workshop', unit_amount: '100' }];
    expect((await act('PATCH', id, { lines, due_in_days: 30 })).json()).toMatchObject({
      ...{ status: 'draft', number: null, total: '125.00', due: '0.00' },
      due_at: '2026-04-03T12:00:00.000Z',
    });
    const issued = (await act('POST', `${id}/finalize`, {})).json();
    expect(issued).toMatchObject({ status: 'open', due: '125.00', draft: null });
    expect(issued.due_at).toBe('2026-04-03T12:00:00.000Z');
    expect((await act('POST', `${id}/finalize`, {})).json().error.code).toBe('invalid_state');
    expect((await act('PATCH', id, { lines })).json().error.code).toBe('invalid_state');
    expect((await act('DELETE', id)).json().error.code).toBe('invalid_state');
    expect(await runJobs(id)).toBe(1);
  });

  it('are thrown away as drafts', async () => {
    const { id } = (await write({ draft: true })).json();
    expect((await act('DELETE', id)).statusCode).toBe(204);
    expect((await act('DELETE', id)).statusCode).toBe(404);
  });

  it('are marked as paid: exactly what is due, once', async () => {
    const { id } = (await write({})).json();
    const note = 'Bank transfer of 3 March';
    const paid = await act('POST', `${id}/mark-paid`, { note });
    expect(paid.json()).toMatchObject({ status: 'paid', due: '0.00' });
    expect((await act('POST', `${id}/mark-paid`, { note })).json().error.code).toBe(
      'invalid_state',
    );
    await runJobs(id);
    expect(await desk.mailsTo(organizationId)).toEqual([]);
    expect(await readBooks(desk.db.database, organizationId)).toEqual({
      'clearing:manual USD': '-1745.50',
      'revenue USD': '1420.50',
      'tax USD': '325.00',
    });
  });

  it.each([
    ['no lines', { lines: [] }, 400, 'malformed'],
    ['nobody', { organization: 'org_none' }, 404, 'not_found'],
    ['a quantity of zero', { lines: [{ ...workshop[0], quantity: 0 }] }, 400, 'malformed'],
    ['less than nothing', { lines: [workshop[2]] }, 422, 'rule_violated'],
    [
      'more than an invoice may be over',
      { lines: [{ description: 'A planet', quantity: 1_000, unit_amount: '100000.01' }] },
      422,
      'amount_out_of_range',
    ],
  ])('are not over %s', async (_what, body, status, code) => {
    const answer = await write(body);
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
  });

  it('leave the drafts of subscriptions alone', async () => {
    const { id } = await desk.issue(organizationId, 100n);
    for (const [method, url] of [
      ['PATCH', id],
      ['POST', `${id}/finalize`],
      ['DELETE', id],
    ] as const) {
      expect((await act(method, url, {})).json().error.code).toBe('invalid_state');
    }
  });
});

/** What customers and operators do with documents over HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ratio } from '../../platform/ratio.ts';
import { readBooks } from './testing/books.ts';
import { type Desk, openDesk, serviceLine } from './testing/desk.ts';

let desk: Desk;
let organizationId: string;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(async () => {
  organizationId = await desk.newCustomer();
});
afterAll(() => desk.close());

const own = (url: string) =>
  desk.ask({ method: 'GET', url: `/api/v1/billing/${url}` }, organizationId);
const operate = (url: string, payload: object) =>
  desk.ask({ method: 'POST', url: `/api/v1/admin/invoices/${url}`, payload });
const lines = () => [serviceLine(ratio(2_000n)), serviceLine(ratio(1_000n), { isTaxed: false })];

describe('documents as PDF', () => {
  it('are printed in the language asked for, else the customer’s, always with the same bytes', async () => {
    const { id, number } = await desk.issue(organizationId, 2_000n);
    const [byDefault, english, chinese, again] = await Promise.all(
      ['', '?locale=en', '?locale=zh-CN', '?locale=zh-CN'].map((query) =>
        own(`invoices/${id}/pdf${query}`),
      ),
    );
    expect(chinese?.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${number}.pdf"`,
      'cache-control': 'private, no-store',
    });
    expect(chinese?.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    expect(chinese?.rawPayload.equals(again?.rawPayload ?? Buffer.alloc(0))).toBe(true);
    expect(english?.rawPayload.equals(chinese?.rawPayload ?? Buffer.alloc(0))).toBe(false);
    const inEnglish = english?.rawPayload.equals(byDefault?.rawPayload ?? Buffer.alloc(0));
    expect(inEnglish).toBe(desk.platform.config.locale === 'en');
  });

  it('are nobody else’s', async () => {
    const { id } = await desk.issue(organizationId, 2_000n);
    const url = `/api/v1/billing/invoices/${id}/pdf`;
    const other = await desk.newCustomer();
    expect((await desk.ask({ method: 'GET', url }, other)).statusCode).toBe(404);
    const admin = `/api/v1/admin/invoices/${id}/pdf`;
    expect((await desk.ask({ method: 'GET', url: admin }, other)).statusCode).toBe(403);
    expect((await desk.ask({ method: 'GET', url: admin })).statusCode).toBe(200);
    expect((await own(`invoices/${id}/pdf?locale=fr`)).statusCode).toBe(400);
  });
});

describe('credit notes', () => {
  it('take back lines, each with its own tax, and are printed', async () => {
    const { id } = await desk.issue(organizationId, lines());
    await desk.pay(organizationId, '35.00', id);
    const answer = await operate(`${id}/credit-notes`, {
      lines: [{ position: 0, amount: '4.00' }, { position: 1 }],
      reason: 'Two days without service',
    });
    expect(answer.statusCode).toBe(201);
    const note = answer.json();
    expect(note).toMatchObject({
      ...{ total: '15.00', tax: '1.00', to_credit: '15.00', remaining: '15.00' },
      lines: [
        { position: 0, amount: '4.00' },
        { position: 1, amount: '10.00' },
      ],
    });
    expect(note.number).toMatch(/^CN-2026-\d{6}$/);
    const printed = await own(`credit-notes/${note.id}/pdf?locale=zh-CN`);
    expect(printed.headers['content-disposition']).toContain(`${note.number}.pdf`);
    const again = await operate(`${id}/credit-notes`, {
      lines: [{ position: 1 }],
      reason: 'Again',
    });
    expect(again.json().error.code).toBe('amount_out_of_range');
  });

  it('take back an amount with its tax in it, first from what is due', async () => {
    const { id } = await desk.issue(organizationId, 2_000n);
    const credit = (body: object) => operate(`${id}/credit-notes`, { reason: 'Goodwill', ...body });
    expect((await credit({ amount: '10.00' })).json()).toMatchObject({
      ...{ total: '10.00', tax: '2.00', against_due: '10.00', to_credit: '0.00' },
    });
    expect((await own(`invoices/${id}`)).json()).toMatchObject({ credited: '10.00', due: '15.00' });
    expect((await credit({ amount: '15.01' })).json().error.code).toBe('amount_out_of_range');
    expect((await credit({ amount: '1', lines: [{ position: 0 }] })).statusCode).toBe(400);
    expect((await credit({})).json()).toMatchObject({ total: '15.00', tax: '3.00' });
    expect((await own(`invoices/${id}`)).json()).toMatchObject({ status: 'paid', due: '0.00' });
    expect(await readBooks(desk.db.database, organizationId)).toEqual({});
  });
});

describe('what operators correct', () => {
  it('calls off what is open, and nothing that was paid', async () => {
    const open = await desk.issue(organizationId, 2_000n);
    const answer = await operate(`${open.id}/void`, { reason: 'Ordered twice' });
    expect(answer.json()).toMatchObject({
      status: 'void',
      due: '0.00',
      organization: organizationId,
    });
    const paid = await desk.issue(organizationId, 2_000n);
    await desk.pay(organizationId, '25.00', paid.id);
    const refused = await operate(`${paid.id}/void`, { reason: 'Ordered twice' });
    expect(refused.statusCode).toBe(409);
    expect(refused.json().error.code).toBe('invalid_state');
    expect((await operate(`${open.id}/void`, {})).statusCode).toBe(400);
  });

  it('writes off what is owed; money that comes for it later pays it', async () => {
    const { id } = await desk.issue(organizationId, 2_000n);
    const answer = await operate(`${id}/write-off`, { reason: 'Insolvent' });
    expect(answer.json()).toMatchObject({ status: 'uncollectible', due: '25.00' });
    const repeated = await operate(`${id}/write-off`, { reason: 'Insolvent' });
    expect(repeated.json().error.code).toBe('invalid_state');
    await desk.pay(organizationId, '25.00', id);
    expect((await own(`invoices/${id}`)).json()).toMatchObject({ status: 'paid', due: '0.00' });
  });

  it('is theirs alone', async () => {
    const { id } = await desk.issue(organizationId, 2_000n);
    for (const path of ['void', 'write-off', 'credit-notes']) {
      const url = `/api/v1/admin/invoices/${id}/${path}`;
      const payload = { reason: 'I would rather not pay' };
      const answer = await desk.ask({ method: 'POST', url, payload }, organizationId);
      expect(answer.statusCode).toBe(403);
    }
  });
});

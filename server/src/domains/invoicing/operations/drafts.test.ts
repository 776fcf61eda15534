import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { ratio } from '../../../platform/ratio.ts';
import type { IssueInvoiceCommand } from '../core/doors.ts';
import { dueOf } from '../core/invoice.ts';
import { findInvoice } from '../store.ts';
import { readBooks } from '../testing/books.ts';
import { type Desk, openDesk, serviceLine } from '../testing/desk.ts';
import { changeDraft, discardDraft } from './change-draft.ts';
import { collectInvoice } from './collect-invoice.ts';
import { createCreditNote } from './create-credit-note.ts';
import { createDraft } from './create-draft.ts';
import { finalizeDraft } from './finalize-draft.ts';

describe('drafts', () => {
  let desk: Desk;
  let organizationId: string;
  beforeAll(async () => {
    desk = await openDesk();
  });
  beforeEach(async () => {
    organizationId = await desk.newCustomer();
  });
  afterAll(() => desk.close());

  const within = <T>(
    work: (context: Context, transaction: Transaction) => Promise<T>,
    context = desk.context,
  ) => inTransaction(context, (transaction) => work(context, transaction));
  const draft = (changes: Partial<IssueInvoiceCommand> = {}, context = desk.context) =>
    within(
      (...at) =>
        createDraft(...at, {
          ...{ organizationId, kind: 'subscription', currency: 'USD' },
          lines: [serviceLine(ratio(2_000n)), serviceLine(ratio(1_000n), { isTaxed: false })],
          ...changes,
        }),
      context,
    );
  const finalize = async (command: Parameters<typeof finalizeDraft>[2], context = desk.context) => {
    const { id } = await within((...at) => finalizeDraft(...at, command), context);
    return desk.read(id);
  };
  const nextNumber = async () => {
    const { number } = await desk.issue(await desk.newCustomer(), 1n);
    return Number(number?.slice(-6));
  };

  it('have figures but no number, owe nothing, post nothing, and are not the customer’s to see', async () => {
    const before = await nextNumber();
    const { id } = await draft();
    expect(await desk.read(id)).toMatchObject({
      ...{ status: 'draft', number: null, taxMinor: 500n, total: { minor: 3_500n } },
    });
    expect(dueOf(await desk.read(id)).minor).toBe(0n);
    expect(await readBooks(desk.db.database, organizationId)).toEqual({});
    expect(await collectInvoice(desk.context, { invoiceId: id, mayUseWallet: true })).toBe(
      'closed',
    );
    await expect(desk.pay(organizationId, '35.00', id)).rejects.toMatchObject({
      code: 'invalid_state',
    });
    const url = '/api/v1/billing/invoices';
    const listed = await desk.ask({ method: 'GET', url }, organizationId);
    expect(listed.json().data).toEqual([]);
    for (const path of [`${url}/${id}`, `${url}/${id}/pdf`]) {
      const answer = await desk.ask({ method: 'GET', url: path }, organizationId);
      expect(answer.statusCode).toBe(404);
    }
    const payload = { provider: 'wallet' };
    const paid = await desk.ask(
      { method: 'POST', url: `${url}/${id}/pay`, payload },
      organizationId,
    );
    expect(paid.statusCode).toBe(404);
    expect(await nextNumber()).toBe(before + 1);
  });

  it('are finalized with the lines, tax, credit and customer of then', async () => {
    const earlier = await desk.issue(organizationId, 800n);
    await desk.pay(organizationId, '10.00', earlier.id);
    const { id } = await draft({ discounts: [{ kind: 'percentage', share: ratio(1n, 2n) }] });
    await within((...at) =>
      createCreditNote(...at, {
        ...{ invoiceId: earlier.id, credit: { kind: 'whole' }, reason: 'Goodwill' },
      }),
    );
    desk.platform.clocks.advance('PT1H');
    const issued = await finalize({
      id,
      lines: [serviceLine(ratio(2_000n)), serviceLine(ratio(400n))],
    });
    expect(issued).toMatchObject({
      ...{ status: 'open', draft: null, subtotalMinor: 2_400n, discountMinor: 1_200n },
      ...{ total: { minor: 1_500n }, creditAppliedMinor: 1_000n },
      issuedAt: desk.context.clocks.business(),
    });
    expect(issued.number).toMatch(/^INV-2026-\d{6}$/);
    expect(issued.lines).toHaveLength(2);
    expect(await readBooks(desk.db.database, organizationId)).toMatchObject({
      'receivable USD': '10.00',
    });
  });

  it('keep lines, discounts and what is taxed until they are finalized', async () => {
    const { id } = await draft({ discounts: [{ kind: 'amount', amount: ratio(300n) }] });
    const before = await desk.read(id);
    const after = await finalize({ id });
    expect(after.lines).toEqual(before.lines);
    expect([after.discountMinor, after.taxMinor, after.total]).toEqual([
      ...[before.discountMinor, before.taxMinor, before.total],
    ]);
  });

  it('are paid at once where they come to nothing', async () => {
    const { id } = await draft();
    const issued = await finalize({ id, lines: [serviceLine(ratio(0n))] });
    expect(issued).toMatchObject({ status: 'paid', total: { minor: 0n } });
    expect(issued.number).not.toBeNull();
  });

  it('stay drafts when finalizing them is cut short, and are finalized once by their key', async () => {
    const billingKey = `${organizationId} March`;
    const { id } = await draft({ billingKey });
    const cut = within(async (...at) => {
      await finalizeDraft(...at, { id });
      throw new Error('killed');
    });
    await expect(cut).rejects.toThrow('killed');
    expect((await desk.read(id)).status).toBe('draft');
    const again = await draft({ billingKey, lines: [] });
    expect(again.id).toBe(id);
    const other = desk.otherProcess();
    const numbers = await Promise.all(
      [desk.context, other.context, desk.context].map(
        async (context) => (await finalize({ id }, context)).number,
      ),
    );
    await other.close();
    expect(new Set(numbers).size).toBe(1);
    expect((await draft({ billingKey })).status).toBe('open');
  });

  it('are finalized by issuing under their key', async () => {
    const billingKey = `${organizationId} April`;
    const { id } = await draft({ billingKey });
    const issued = await desk.issue(organizationId, 700n, { billingKey });
    expect(issued).toMatchObject({ id, status: 'open', subtotalMinor: 700n });
  });

  it('can be written anew and thrown away, and what was issued cannot', async () => {
    const billingKey = `${organizationId} May`;
    const { id } = await draft({ billingKey });
    await within((...at) => changeDraft(...at, { id, lines: [serviceLine(ratio(100n))] }));
    expect(await desk.read(id)).toMatchObject({ status: 'draft', total: { minor: 125n } });
    await within((_context, transaction) => discardDraft(transaction, { id }));
    expect(await findInvoice(desk.db.database, id)).toBeUndefined();
    const next = await draft({ billingKey });
    expect(next.id).not.toBe(id);
    await finalize({ id: next.id });
    const change = within((...at) => changeDraft(...at, { id: next.id, lines: [] }));
    await expect(change).rejects.toMatchObject({ code: 'invalid_state' });
    const discard = within((_context, transaction) => discardDraft(transaction, { id: next.id }));
    await expect(discard).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('give no money back: that is a credit note’s', async () => {
    const negative = [serviceLine(ratio(-1n))];
    await expect(draft({ lines: negative })).rejects.toMatchObject({ code: 'rule_violated' });
    const { id } = await draft();
    await expect(finalize({ id, lines: negative })).rejects.toMatchObject({
      code: 'rule_violated',
    });
    expect((await desk.read(id)).status).toBe('draft');
  });

  it.each([
    ['deletes what was issued', (id: string) => remove(id), 'never deleted'],
    ['makes a draft of what was issued', (id: string) => force(id, { status: 'draft' }), 'go from'],
  ])('no statement %s', async (_what, change, sentence) => {
    const { id } = await desk.issue(organizationId, 100n);
    await expect(change(id)).rejects.toThrow(sentence);
  });

  it('no statement issues a draft without a number, or moves it to somebody else', async () => {
    const { id } = await draft();
    await expect(force(id, { status: 'open', draft: null })).rejects.toThrow('has a number');
    await expect(force(id, { organization_id: 'org_other' })).rejects.toThrow('stays with whom');
  });

  type Rows = { invoicing_invoices: { id: string } & Partial<Record<string, unknown>> };
  const table = () => desk.db.database.withTables<Rows>();
  const force = (id: string, values: Record<string, unknown>) =>
    table().updateTable('invoicing_invoices').set(values).where('id', '=', id).execute();
  const remove = (id: string) =>
    table().deleteFrom('invoicing_invoices').where('id', '=', id).execute();
});

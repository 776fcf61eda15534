/** A fapiao from being issued to being reversed, over HTTP and between processes. */
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type FapiaoAction, type FapiaoStatus, fapiaoTransitions } from './core/fapiao.ts';
import { issueFapiao } from './operations/issue-fapiao.ts';
import {
  ask,
  asked,
  credit,
  desk,
  issuing,
  nextCustomer,
  nextNumber,
  operate,
  organizationId,
  own,
  paidInvoice,
  pdf,
  reversing,
  statusOf,
  title,
  useFapiaoDesk,
} from './testing/fapiao.ts';

useFapiaoDesk();

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
      await nextCustomer();
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

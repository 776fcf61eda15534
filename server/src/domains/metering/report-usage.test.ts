import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyCaller } from '../../platform/testkit/callers.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import { ensureUsagePartitions } from './index.ts';
import {
  application,
  createReportingFixture,
  keyFixture,
  type ReportingFixture,
} from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let platform: TestPlatform;
let fixture: ReportingFixture;
let organization: string;

const now = '2026-03-15T10:30:00Z';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks(now) });
  await sql`
    insert into catalog_model_prices
      (id, model, currency, prices, tiers, effective_from, source, created_at)
    values ('mpr_fixture', 'gpt-4o-mini', 'USD', '{"input": "150000000", "output": "600000000"}', '[]',
      '2026-01-01T00:00:00Z', 'operator', '2026-01-01T00:00:00Z')
  `.execute(db.database);
  fixture = await createReportingFixture(platform, await createPayer(platform, db.url));
  const from = new Date('2026-02-01T00:00:00Z');
  await ensureUsagePartitions(db.database, from, new Date('2026-04-01T00:00:00Z'));
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});
beforeEach(async () => {
  fixture.setCaller(application);
  organization = await fixture.organization();
});

let count = 0;
const newId = () => `event-${++count}`;

function event(fields: Record<string, unknown> = {}) {
  return { id: newId(), subject: { organization }, meter: 'pages', quantity: 1, ...fields };
}

async function quantities(meter: string, query = '') {
  const { data } = await fixture.get(organization, `usage/meters?meter=medical.${meter}${query}`);
  return data.map((point) => [point.from, point.events, point.quantity]);
}

describe('reportUsage', () => {
  test('answers each event in its order, and counts what it accepted', async () => {
    const first = event({ quantity: '3' });
    const answers = await fixture.report([first, { id: 'x' }, event({ quantity: 4 }), first]);
    expect(answers.map(({ status }) => status)).toEqual([
      'accepted',
      'refused',
      'accepted',
      'duplicate',
    ]);
    expect(await quantities('pages')).toEqual([['2026-03-15T00:00:00.000Z', 2, '7']]);
    expect(await quantities('pages', '&interval=hour')).toEqual([
      ['2026-03-15T10:00:00.000Z', 2, '7'],
    ]);
  });

  test('takes a bare array or {"events"}, of 1 to 1,000', async () => {
    expect(await fixture.report({ events: [event()] })).toMatchObject([{ status: 'accepted' }]);
    await fixture.report([], 400);
    await fixture.report(
      Array.from({ length: 1001 }, () => event()),
      400,
    );
    await fixture.report({ other: [] }, 400);
    const text = await fixture.app.inject({
      method: 'POST',
      url: '/api/v1/billing/usage/events',
      headers: { 'content-type': 'application/json' },
      payload: '[{',
    });
    expect(text.statusCode).toBe(400);
  });

  test('counts an event once, also where the repeat names another month', async () => {
    const sent = event({ time: '2026-02-20T00:00:00Z', quantity: 5 });
    await fixture.report([sent]);
    const again = await fixture.report([sent, { ...sent, time: '2026-03-01T00:00:00Z' }]);
    expect(again.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    expect(await quantities('pages')).toEqual([['2026-02-20T00:00:00.000Z', 1, '5']]);
  });

  test('counts an event once that several requests bring at the same time', async () => {
    const events = Array.from({ length: 200 }, () => event());
    const other = [...events].reverse();
    const answers = await Promise.all(
      [events, other, events, other].map((one) => fixture.report(one)),
    );
    const accepted = answers.flat().filter(({ status }) => status === 'accepted');
    expect(accepted).toHaveLength(200);
    expect(await quantities('pages')).toEqual([['2026-03-15T00:00:00.000Z', 200, '200']]);
  });

  test('puts a late event into the day in which it happened, in the organization’s zone', async () => {
    organization = await fixture.organization('Asia/Kolkata');
    await fixture.report([
      event({ time: '2026-03-01T18:29:59Z' }),
      event({ time: '2026-03-01T18:30:00Z' }),
    ]);
    expect(await quantities('pages')).toEqual([
      ['2026-02-28T18:30:00.000Z', 1, '1'],
      ['2026-03-01T18:30:00.000Z', 1, '1'],
    ]);
    const hours = '&interval=hour&from=2026-03-01T17:30:00Z&to=2026-03-01T19:30:00Z';
    expect(await quantities('pages', hours)).toEqual([
      ['2026-03-01T17:30:00.000Z', 1, '1'],
      ['2026-03-01T18:30:00.000Z', 1, '1'],
    ]);
  });

  test.each([
    [{ time: '2026-02-08T10:00:00Z' }, 'event_too_late', /35 days/],
    [{ time: '2026-03-15T10:35:01Z' }, 'rule_violated', /when it has happened/],
    [{ time: 'yesterday' }, 'rule_violated', /RFC 3339/],
    [{ id: 'has space' }, 'rule_violated', /Write id/],
    [{ id: undefined }, 'rule_violated', /Write id/],
    [{ meter: 'nothing' }, 'meter_unknown', /name one that is defined/],
    [{ meter: 'requests' }, 'forbidden', /report the model/],
    [{ subject: { organization: 'org_other' } }, 'subject_unknown', /Register/],
    [{ subject: undefined }, 'subject_unknown', /Name the subject/],
    [
      { subject: { organization: 'org_1', external_id: 'x' } },
      'subject_unknown',
      /Name the subject by one/,
    ],
    [{ quantity: 'NaN' }, 'rule_violated', /plain decimal/],
    [{ quantity: '1e3' }, 'rule_violated', /plain decimal/],
    [{ quantity: -1 }, 'rule_violated', /zero or more/],
    [{ quantity: '0.5' }, 'rule_violated', /whole number/],
    [{ quantity: '0.0123456789' }, 'rule_violated', /9 decimals/],
    [{ quantity: '99999999999999999999' }, 'rule_violated', /15 significant digits/],
    [{ meter: 'storage', quantity: '99999999999' }, 'rule_violated', /number below/],
    [{ meter: 'version', quantity: undefined }, 'rule_violated', /Send quantity/],
    [{ meter: 'visitors' }, 'rule_violated', /properties\.user/],
    [{ properties: { note: '\u0000' } }, 'rule_violated', /plain text/],
    [{ tags: ['a b'] }, 'rule_violated', /tags/],
    [{ amount: 5 }, 'rule_violated', /no such field/],
    [{ model: 'gpt-4o-mini' }, 'rule_violated', /either a meter, or a model/],
    [{ corrects: 'never-sent' }, 'event_unknown', /Name in corrects/],
  ])('refuses %j by itself as %s', async (fields, code, message) => {
    const [refused, accepted] = await fixture.report([event(fields), event({ quantity: 1e3 })]);
    expect(refused).toMatchObject({ status: 'refused', code });
    expect(refused?.message).toMatch(message);
    expect(accepted?.status).toBe('accepted');
    expect(await quantities('pages')).toEqual([['2026-03-15T00:00:00.000Z', 1, '1000']]);
  });

  test('refuses only what a sum cannot hold', async () => {
    const huge = Array.from({ length: 12 }, () =>
      event({ meter: 'storage', quantity: '999999999' }),
    );
    const statuses = (await fixture.report([...huge, event()])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'refused')).toHaveLength(3);
    expect(statuses.at(-1)).toBe('accepted');
  });

  test('an event stands in the place of the one that it corrects, once', async () => {
    const wrong = event({ quantity: 500, time: '2026-03-02T08:00:00Z', tags: ['b', 'a'] });
    await fixture.report([wrong, event({ quantity: 7, time: '2026-03-02T08:30:00Z' })]);
    const right = event({ quantity: 5, corrects: wrong.id });
    expect(await fixture.report([right])).toMatchObject([{ status: 'accepted' }]);
    expect(await fixture.report([right])).toMatchObject([{ status: 'duplicate' }]);
    expect(await fixture.report([event({ quantity: 1, corrects: wrong.id })])).toMatchObject([
      { status: 'refused', code: 'event_corrected' },
    ]);
    expect(await quantities('pages')).toEqual([['2026-03-02T00:00:00.000Z', 2, '12']]);
    expect(await quantities('pages', '&group_by=tag&interval=month')).toEqual([
      ['2026-03-01T00:00:00.000Z', 1, '5'],
      ['2026-03-01T00:00:00.000Z', 1, '5'],
      ['2026-03-01T00:00:00.000Z', 1, '7'],
    ]);
    const { data } = await fixture.get(organization, 'usage/reported?limit=5');
    expect(data[0]).toMatchObject({ quantity: '7', superseded_by: null });
    expect(data.filter(({ superseded_by }) => superseded_by === right.id)).toMatchObject([
      { id: wrong.id, quantity: '500' },
    ]);
  });

  test('finds the largest and the latest anew where the event that was it is corrected', async () => {
    const top = event({ meter: 'seats', quantity: 90 });
    const last = event({ meter: 'version', quantity: 3 });
    await fixture.report([top, event({ meter: 'seats', quantity: 40 }), last]);
    await fixture.report([
      event({ meter: 'seats', quantity: 20, corrects: top.id }),
      event({ meter: 'version', quantity: 2, corrects: last.id }),
    ]);
    expect(await quantities('seats')).toEqual([['2026-03-15T00:00:00.000Z', 2, '40']]);
    expect(await quantities('version')).toEqual([['2026-03-15T00:00:00.000Z', 1, '2']]);
  });

  test('corrects the sums of the day that it was in, also after a move to another zone', async () => {
    organization = await fixture.organization('Asia/Kolkata');
    const wrong = event({ meter: 'pages', quantity: 90, time: '2026-03-14T20:00:00Z' });
    await fixture.report([wrong, event({ meter: 'pages', quantity: 5 })]);
    const sums = async () => {
      const { rows } = await sql<{ starts_at: Date; total: bigint }>`
        select starts_at, total
        from metering_quantities_daily
        where organization_id = ${organization}
        order by starts_at
      `.execute(db.database);
      return rows.map((row) => [row.starts_at.toISOString(), row.total]);
    };
    await sql`
      update ledger_organizations
      set time_zone = 'America/New_York', time_zone_changed_at = ${now}::timestamptz + interval '1 second'
      where organization_id = ${organization}
    `.execute(db.database);
    const better = event({ meter: 'pages', quantity: 20, corrects: wrong.id });
    expect(await fixture.report([better])).toMatchObject([{ status: 'accepted' }]);
    expect(await sums()).toEqual([['2026-03-14T18:30:00.000Z', 25n]]);
    await sql`
      update ledger_organizations
      set time_zone_changed_at = ${now}::timestamptz
      where organization_id = ${organization}
    `.execute(db.database);
    await fixture.report([
      event({ meter: 'pages', quantity: 1 }),
      event({ meter: 'pages', quantity: 30, corrects: better.id }),
    ]);
    expect(await sums()).toHaveLength(2);
  });

  test('an organization’s key adds to its own use, and to nothing else', async () => {
    fixture.setCaller(keyCaller({ organizationId: organization }));
    const named = { subject: undefined, meter: 'medical.pages' };
    const answers = await fixture.report([
      event(named),
      event({ ...named, subject: { organization: 'org_other' } }),
      event({ ...named, meter: 'medical.storage', quantity: '-1' }),
      event({ ...named, corrects: 'event-1' }),
    ]);
    expect(answers.map(({ status, code }) => code ?? status)).toEqual([
      'accepted',
      'subject_unknown',
      'forbidden',
      'forbidden',
    ]);
    const { data } = await fixture.get(
      organization,
      'usage/meters?meter=medical.pages&group_by=api_key,member,tag',
    );
    const group = { api_key: 'key_1', member: keyFixture.userId, tag: keyFixture.tags[0] };
    expect(data).toMatchObject([{ group, quantity: '1' }]);
  });

  test('an event of a key carries at most ten tags, those of the key among them', async () => {
    fixture.setCaller(keyCaller({ organizationId: organization }));
    const tagged = (count: number) =>
      event({
        subject: undefined,
        meter: 'medical.pages',
        tags: Array.from({ length: count }, (_, index) => `tag:${index}`),
      });
    const answers = await fixture.report([tagged(9), tagged(10)]);
    expect(answers.map(({ code, status }) => code ?? status)).toEqual([
      'accepted',
      'rule_violated',
    ]);
  });

  test('pays for a reported call of a model once, at the price of its time', async () => {
    organization = await fixture.organization('UTC', 2_000_000_000n);
    const usage = { input_tokens: 1_000_000, output_tokens: 500_000 };
    const call = { id: newId(), subject: { organization }, model: 'gpt-4o-mini', usage };
    expect(await fixture.report([call])).toMatchObject([{ status: 'accepted' }]);
    expect(await fixture.report([call])).toMatchObject([{ status: 'duplicate' }]);
    expect(await fixture.report([{ ...call, id: newId(), model: 'unpriced' }])).toMatchObject([
      { status: 'refused', code: 'model_unpriced' },
    ]);
    const { data } = await fixture.get(organization, 'usage?group_by=model');
    expect(data).toMatchObject([
      {
        calls: 1,
        amount: '0.45',
        group: { model: 'gpt-4o-mini' },
        success_rate: 1,
        latency_ms: null,
      },
    ]);
    const moved = async (meter: string) =>
      (await fixture.get(organization, `usage/meters?meter=${meter}`)).data;
    expect(await moved('requests')).toMatchObject([{ meter: 'requests', quantity: '1' }]);
    expect(await moved('tokens')).toMatchObject([{ events: 1, quantity: '1500000' }]);
    expect(await moved('cost')).toMatchObject([{ unit: 'money', quantity: '0.45' }]);
  });
});

import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idAt } from '../../platform/ids.ts';
import { add, formatRatio, type Ratio, ratio, sum, zero } from '../../platform/ratio.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testPlatform } from '../../platform/testkit/platform.ts';
import { createPayer } from '../access/testkit/payer.ts';
import {
  ensureUsagePartitions,
  type UsageAsk,
  usageForPricing,
  usageInPeriod,
  usageOfMany,
} from './index.ts';
import {
  createReportingFixture,
  type Payer,
  type ReportingFixture,
} from './testkit/reporting-fixture.ts';

let db: TestDatabase;
let fixture: ReportingFixture;
let payer: Payer;
// Summer time begins in New York on 8 March, so that there are days of 23 hours in between.
const now = new Date('2026-03-20T12:00:00Z');
const clocks = fakeClocks(now.toISOString());

beforeAll(async () => {
  db = await createTestDatabase();
  const platform = testPlatform(db, { clocks });
  payer = await createPayer(platform, db.url);
  fixture = await createReportingFixture(platform, payer);
  await ensureUsagePartitions(db.database, new Date('2026-02-01T00:00:00Z'), now);
});
afterAll(async () => {
  await fixture.close();
  await db.close();
});

/** What happened, in the order of its happening; of calls what they used of a meter. */
interface Happened {
  at: Date;
  meter: string;
  quantity: bigint;
  value: string | null;
}

const minuteMs = 60_000;
const since = +now - 30 * 1440 * minuteMs;
let reported = 0;

/** What is reported: an event, possibly sent twice, possibly corrected later, possibly in another order than it happened. */
const eventArbitrary = fc.record({
  // distinct, so that it is clear which is the latest
  seconds: fc.integer({ min: 0, max: 30 * 86_400 - 1 }),
  meter: fc.constantFrom(
    ...['analyses', 'pages', 'seats', 'visitors', 'version', 'storage', 'instances'],
  ),
  quantity: fc.integer({ min: 1, max: 50 }),
  user: fc.constantFrom('ada', 'bob', 'eve', 'dan'),
  isCall: fc.boolean(),
  isTwice: fc.boolean(),
  corrected: fc.option(fc.integer({ min: 0, max: 50 }), { freq: 3 }),
});

const scenarioArbitrary = fc.record({
  zones: fc.constantFrom(
    ['UTC'],
    ['America/New_York'],
    ['Asia/Kolkata'],
    ['Asia/Shanghai'],
    ['Asia/Shanghai', 'America/New_York'],
    ['Asia/Kolkata', 'UTC'],
  ),
  events: fc.uniqueArray(eventArbitrary, {
    minLength: 40,
    maxLength: 90,
    selector: ({ seconds }) => seconds,
  }),
  periods: fc.array(
    fc.tuple(fc.integer({ min: -1, max: 43_000 }), fc.integer({ min: 1, max: 43_200 })),
    {
      minLength: 6,
      maxLength: 6,
    },
  ),
});

describe('usageInPeriod', () => {
  propertyTest.prop([scenarioArbitrary], { numRuns: 12, endOnFailure: true })(
    'is what the events and calls that stand add up to, whatever the period, the zone and the order of reports',
    async ({ zones, events, periods }) => {
      const [zone = 'UTC', later] = zones;
      const organizationId = await fixture.organization(zone);
      const half = later === undefined ? events.length : events.length / 2;
      const happened = await reportAll(organizationId, events.slice(0, half));
      if (later !== undefined) {
        await moveTo(organizationId, later);
        happened.push(...(await reportAll(organizationId, events.slice(half))));
      }
      happened.sort((a, b) => +a.at - +b.at);
      const asks = periods.flatMap(([start, length], index) => {
        // Some are days and months of the zone, others begin and end anywhere.
        const unit = index % 3 === 0 ? 60 * minuteMs : minuteMs;
        const from = new Date(since + Math.floor((start * minuteMs) / unit) * unit);
        const to = new Date(+from + Math.max(1, Math.floor((length * minuteMs) / unit)) * unit);
        return meters.map((meter) => ({ organizationId, meterId: `mtr_${meter}`, from, to }));
      });
      const used = await usageOfMany(db.database, asks);
      for (const [index, ask] of asks.entries()) {
        const expected = naive(happened, ask);
        const answered = used[index] ?? (await usageInPeriod(db.database, ask));
        expect({ ask, quantity: answered.quantity }).toEqual({ ask, quantity: expected.quantity });
        expect({ ask, events: await answered.events() }).toEqual({ ask, events: expected.events });
      }
      if (zones.join() === 'Asia/Shanghai') await expectSameOnPage(organizationId);
      const [alone] = asks;
      if (alone) {
        const { quantity } = await usageInPeriod(db.database, alone);
        expect(quantity).toEqual(used[0]?.quantity);
      }
    },
    120_000,
  );

  propertyTest.prop(
    [
      fc.uniqueArray(
        fc.record({
          seconds: fc.integer({ min: 0, max: 3 * 86_400 }),
          input: fc.integer({ min: 0, max: 5000 }),
          output: fc.integer({ min: 0, max: 5000 }),
          amount: fc.integer({ min: 0, max: 10_000_000 }),
        }),
        { minLength: 1, maxLength: 15, selector: ({ seconds }) => seconds },
      ),
      fc.integer({ min: 0, max: 3 * 86_400 - 1 }),
      fc.integer({ min: 1, max: 86_400 }),
    ],
    { numRuns: 15, endOnFailure: true },
  )(
    'of requests, tokens and cost is what the receipts add up to',
    async (drawn, start, length) => {
      const organizationId = await fixture.organization('Asia/Kolkata', 10n ** 12n);
      const calls = [...drawn].sort((a, b) => a.seconds - b.seconds);
      for (const call of calls) await callModel(organizationId, call);
      const from = new Date(since + start * 1000);
      const to = new Date(+from + length * 1000);
      const ask = (meterId: string): UsageAsk => ({ organizationId, meterId, from, to });
      const [requests, tokens, cost] = await usageOfMany(db.database, [
        ask('mtr_requests'),
        ask('mtr_tokens'),
        ask('mtr_cost'),
      ]);
      const within = calls.filter(({ seconds }) => seconds >= start && seconds < start + length);
      const total = (of: (call: (typeof within)[number]) => number) =>
        within.reduce((all, call) => all + BigInt(of(call)), 0n);
      expect(requests?.quantity).toEqual(ratio(total(() => 1)));
      expect(tokens?.quantity).toEqual(ratio(total(({ input, output }) => input + output)));
      expect(cost?.quantity).toEqual(
        ratio(
          total(({ amount }) => amount),
          1_000_000_000n,
        ),
      );
      expect(sum((await cost?.events()) ?? [])).toEqual(cost?.quantity);
      expect(tokens?.tokens(['input', 'output'])).toMatchObject({
        input: total(({ input }) => input),
        output: total(({ output }) => output),
      });
      const cached = tokens?.tokens(['input', 'cached_input', 'output']) ?? {};
      expect((cached.input ?? 0n) + (cached.cached_input ?? 0n)).toBe(total(({ input }) => input));
    },
    120_000,
  );

  test('is zero, without events or tokens, where nothing was used', async () => {
    const organizationId = await fixture.organization();
    const [from, to] = [new Date(since), now];
    for (const meter of [...meters, 'requests', 'tokens', 'cost']) {
      const ask = { organizationId, meterId: `mtr_${meter}`, from, to };
      const used = await usageInPeriod(db.database, ask);
      expect(used.quantity).toEqual(zero);
      expect(await used.events()).toEqual([]);
    }
  });

  test('weighs a level by how long it stood, and carries what stood before', async () => {
    const organizationId = await fixture.organization();
    await report(organizationId, 'instances', 30, new Date('2026-02-20T12:00:00Z'));
    await report(organizationId, 'instances', -10, new Date('2026-03-07T00:00:00Z'));
    const month = {
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-03-11T00:00:00Z'),
    };
    const ask = { organizationId, meterId: 'mtr_instances', ...month };
    const { quantity } = await usageInPeriod(db.database, ask);
    expect(formatRatio(quantity, 9)).toBe('26');
  });

  test('gives each pricing what it looks at', async () => {
    const organizationId = await fixture.organization();
    await report(organizationId, 'pages', 3, new Date('2026-03-05T01:00:00Z'));
    await report(organizationId, 'pages', 4, new Date('2026-03-05T00:00:00Z'));
    const ask = { organizationId, meterId: 'mtr_pages', from: new Date(since), to: now };
    const used = await usageInPeriod(db.database, ask);
    const unit = { model: 'per_unit', unitAmount: ratio(1n) } as const;
    expect(await usageForPricing(used, unit)).toEqual({ quantity: ratio(7n) });
    expect(await usageForPricing(used, { model: 'dynamic', multiplier: ratio(1n) })).toEqual({
      quantity: ratio(7n),
      events: [ratio(4n), ratio(3n)],
    });
    const tokens = { model: 'tokens', perMillion: { input: ratio(1n) } } as const;
    expect(await usageForPricing(used, tokens)).toEqual({ quantity: ratio(7n), tokens: {} });
  });
});

const meters = ['analyses', 'pages', 'seats', 'visitors', 'version', 'storage', 'instances'];
const partsPerUnit: Record<string, bigint> = { storage: 1_000_000_000n };

interface Drawn {
  seconds: number;
  meter: string;
  quantity: number;
  user: string;
  isCall: boolean;
  isTwice: boolean;
  corrected: number | null;
}

/** Reports all of it, late events among the others, and answers what stands. */
async function reportAll(organizationId: string, events: readonly Drawn[]): Promise<Happened[]> {
  const happened: Happened[] = [];
  for (const { seconds, meter, quantity, user, isCall, isTwice, corrected } of events) {
    const at = new Date(since + seconds * 1000);
    const counted = (of: number) =>
      ['analyses', 'visitors'].includes(meter) ? 1n : BigInt(of) * (partsPerUnit[meter] ?? 1n);
    // Distinct values are only in events.
    if (isCall && meter !== 'visitors') {
      await callMeter(organizationId, `mtr_${meter}`, counted(quantity), at);
      happened.push({ at, meter, quantity: counted(quantity), value: null });
      continue;
    }
    const id = await report(organizationId, meter, quantity, at, { user });
    if (isTwice) await report(organizationId, meter, quantity, at, { user, id });
    const stands = { at, meter, quantity: counted(quantity), value: user };
    if (corrected !== null && meter !== 'visitors') {
      await report(organizationId, meter, corrected, at, { user, corrects: id });
      stands.quantity = counted(corrected);
    }
    happened.push(stands);
  }
  return happened;
}

async function report(
  organization: string,
  meter: string,
  quantity: number,
  at: Date,
  { user = 'ada', id, corrects }: { user?: string; id?: string; corrects?: string } = {},
): Promise<string> {
  reported += 1;
  const event = {
    id: id ?? `event-${reported}`,
    subject: { organization },
    meter,
    ...(corrects === undefined ? { time: at.toISOString() } : { corrects }),
    ...(['analyses', 'visitors'].includes(meter) ? {} : { quantity }),
    ...(meter === 'visitors' ? { properties: { user } } : {}),
  };
  const [answer] = await fixture.report([event]);
  expect(answer?.status, answer?.message).toBe(id === undefined ? 'accepted' : 'duplicate');
  return event.id;
}

const noUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

function settled(organizationId: string, at: Date) {
  reported += 1;
  return {
    requestId: idAt('req', at) + String(reported).padStart(16, '0'),
    ...{ organizationId, apiKeyId: null, userId: null, applicationId: 'app_fixture' },
    ...{ model: null, priceId: null, channel: null, tags: [], meters: [], amount: 0n },
    ...{
      usage: noUsage,
      outcome: 'completed',
      authorizedAt: at,
      latencyMs: null,
      firstTokenMs: null,
    },
  } as const;
}

/** A call of an application that used so much of its meter. */
async function callMeter(organizationId: string, meterId: string, quantity: bigint, at: Date) {
  await settle({ ...settled(organizationId, at), meters: [{ meterId, quantity }] });
}

async function callModel(
  organizationId: string,
  call: { seconds: number; input: number; output: number; amount: number },
) {
  const at = new Date(since + call.seconds * 1000);
  await settle({
    ...settled(organizationId, at),
    ...{ model: 'gpt-4o-mini', priceId: 'mpr_fixture', amount: BigInt(call.amount) },
    usage: {
      ...noUsage,
      inputTokens: call.input,
      cachedInputTokens: Math.floor(call.input / 3),
      outputTokens: call.output,
    },
  });
}

const settle = (call: object) => payer.settle(call as Parameters<Payer['settle']>[0]);

async function moveTo(organizationId: string, timeZone: string): Promise<void> {
  await sql`
    update ledger_organizations
    set time_zone = ${timeZone}, time_zone_changed_at = ${now}
    where organization_id = ${organizationId}
  `.execute(db.database);
}

function larger(most: bigint, { quantity }: Happened): bigint {
  return quantity > most ? quantity : most;
}

/** A month of the zone comes to the same on the page of usage. */
async function expectSameOnPage(organizationId: string): Promise<void> {
  const month = { from: new Date('2026-02-28T16:00:00Z'), to: new Date('2026-03-31T16:00:00Z') };
  const bounds = `from=${month.from.toISOString()}&to=${month.to.toISOString()}`;
  for (const meter of ['instances', 'pages']) {
    const ask = { organizationId, meterId: `mtr_${meter}`, ...month };
    const { quantity } = await usageInPeriod(db.database, ask);
    const url = `usage/meters?meter=medical.${meter}&interval=month&${bounds}`;
    const { data } = await fixture.get(organizationId, url);
    expect(data.at(-1)?.quantity ?? '0').toBe(formatRatio(quantity, 9));
  }
}

/** The same, event by event. */
function naive(
  happened: readonly Happened[],
  { meterId, from, to }: UsageAsk,
): { quantity: Ratio; events: Ratio[] } {
  const meter = meterId.slice('mtr_'.length);
  const before = happened.filter((event) => event.meter === meter && event.at < to);
  const within = before.filter(({ at }) => at >= from);
  const units = (parts: bigint) => ratio(parts, partsPerUnit[meter] ?? 1n);
  const total = (events: readonly Happened[]) =>
    events.reduce((all, { quantity }) => all + quantity, 0n);
  const events = within
    .filter(({ quantity }) => quantity !== 0n)
    .map((event) => units(event.quantity));
  switch (meter) {
    case 'seats':
      return {
        quantity: units(within.reduce(larger, 0n)),
        events,
      };
    case 'visitors':
      return { quantity: ratio(BigInt(new Set(within.map(({ value }) => value)).size)), events };
    case 'version':
      return { quantity: units(within.at(-1)?.quantity ?? 0n), events };
    case 'storage':
      return { quantity: units(total(before)), events };
    case 'instances': {
      let quantity = zero;
      for (const event of before) {
        const stood = +to - Math.max(+event.at, +from);
        quantity = add(quantity, ratio(event.quantity * BigInt(stood), BigInt(+to - +from)));
      }
      return { quantity, events };
    }
    default:
      return { quantity: units(total(within)), events };
  }
}

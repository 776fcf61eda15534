/**
 * Compares every hour and day that is over with the organization's own past, and tells it of what stands out. Only those who
 * used enough in it are looked at closer.
 *
 * What was looked at is remembered with what was raised, in one transaction for each hour or day: after a crash it is done
 * again, of two processes the second finds it done, and an hour is told of once by its key. Late events are not waited for
 * longer than ten minutes: an alert is no invoice.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import { startOfDay, startOfNextDay } from '../../../platform/time.ts';
import { sumUsage, type UsagePoint } from '../../metering/index.ts';
import { findAnomaly, type Span, spanMs, weeks } from '../core/anomaly.ts';
import {
  type Alert,
  findWatched,
  insertAlert,
  lockWatched,
  saveWatched,
  wasTold,
} from '../store.ts';
import { tellOfAlert } from './tell-of-alert.ts';

const settleMs = 600_000;
/** After a longer sleep only the last day is made up for. */
const catchUpMs = 86_400_000;
const slotsMax = 48;

/** Less than this in an hour or day is nobody's worry: a unit of the usage currency, a hundred calls. */
const valueMin = { cost: 1_000_000_000n, calls: 100n };
/** Whoever was told hears nothing more of the day around it. */
const silenceMs = 86_400_000;

export async function watchUsage(context: Context): Promise<number> {
  return (await watchSpan(context, 'hour')) + (await watchSpan(context, 'day'));
}

async function watchSpan(context: Context, span: Span): Promise<number> {
  let raised = 0;
  for (let slots = 0; slots < slotsMax; slots += 1) {
    const found = await watchNext(context, span);
    if (found === undefined) return raised;
    raised += found;
  }
  return raised;
}

/** Undefined where nothing more is over. Looked at outside a transaction, for it may take long where many are busy. */
async function watchNext(context: Context, span: Span): Promise<number | undefined> {
  const { database, clocks } = context;
  const now = new Date(clocks.business().getTime() - settleMs);
  const earliest = slotAt(context, span, new Date(now.getTime() - catchUpMs)).from;
  const until = (await findWatched(database, span)) ?? earliest;
  const slot = await nextSlot(context, span, { from: until < earliest ? earliest : until, now });
  if (!slot) return undefined;
  const busy = await sumUsage(database, {
    ...{ organizationId: undefined, from: slot.from, to: slot.to, interval: span },
    ...{ timeZone: context.config.timeZone, groups: ['organization'] },
  });
  const alerts: Alert[] = [];
  for (const point of busy) {
    const alert = await judgeSlot(context, { span, slot, point });
    if (alert) alerts.push(alert);
  }
  return inTransaction(context, async (transaction) => {
    const watched = await lockWatched(transaction, span, until);
    // Another process was quicker, and has raised what there was.
    if (watched.getTime() !== until.getTime()) return 0;
    for (const alert of alerts) {
      if (await insertAlert(transaction, alert)) await tellOfAlert(context, transaction, alert);
    }
    await saveWatched(transaction, span, slot.to);
    return alerts.length;
  });
}

/** The next that is over; of some in which nobody called, the last. */
async function nextSlot(
  context: Context,
  span: Span,
  { from, now }: { from: Date; now: Date },
): Promise<SlotBounds | undefined> {
  const first = slotAt(context, span, from);
  const open = slotAt(context, span, now);
  if (first.to > now) return undefined;
  if (first.to < open.from) {
    const [busy] = await sumUsage(context.database, {
      ...{ organizationId: undefined, from: first.from, to: open.from, interval: span },
      ...{ timeZone: context.config.timeZone, groups: [] },
    });
    return slotAt(context, span, busy?.starts_at ?? new Date(open.from.getTime() - 1));
  }
  return first;
}

interface SlotBounds {
  from: Date;
  to: Date;
}

function slotAt({ config }: Context, span: Span, at: Date): SlotBounds {
  const { timeZone } = config;
  if (span === 'day') {
    const from = startOfDay(at, timeZone);
    return { from, to: startOfNextDay(from, timeZone) };
  }
  const from = new Date(Math.floor(at.getTime() / spanMs.hour) * spanMs.hour);
  return { from, to: new Date(from.getTime() + spanMs.hour) };
}

interface Judged {
  span: Span;
  slot: SlotBounds;
  point: UsagePoint;
}

async function judgeSlot(
  context: Context,
  { span, slot, point }: Judged,
): Promise<Alert | undefined> {
  const { organization: organizationId, amount, calls } = point;
  if (organizationId === null) return undefined;
  if (amount < valueMin.cost && calls < valueMin.calls) return undefined;
  const from = new Date(slot.from.getTime() - silenceMs);
  const to = new Date(slot.to.getTime() + silenceMs);
  if (await wasTold(context.database, { organizationId, from, to })) return undefined;
  const past = await loadPast(context, { organizationId, span, slot });
  const since = past[0]?.starts_at;
  if (since === undefined) return undefined;
  for (const measure of ['cost', 'calls'] as const) {
    const of = (each: UsagePoint) => (measure === 'cost' ? each.amount : each.calls);
    const found = findAnomaly({
      ...{ span, since, valueMin: valueMin[measure] },
      slot: { startsAt: slot.from, value: of(point) },
      past: new Map(past.map((each) => [each.starts_at.getTime(), of(each)])),
    });
    if (!found) continue;
    const raisedAt = context.clocks.business();
    return {
      ...{ id: newId('alt', raisedAt), organizationId, measure, span, raisedAt },
      ...{ startsAt: slot.from, endsAt: slot.to, ...found },
    };
  }
  return undefined;
}

const weekMs = 7 * 86_400_000;

function loadPast(
  { config, database }: Context,
  { organizationId, span, slot }: { organizationId: string; span: Span; slot: SlotBounds },
): Promise<UsagePoint[]> {
  const { timeZone } = config;
  const before = new Date(slot.from.getTime() - weeks * weekMs - spanMs.hour);
  return sumUsage(database, {
    ...{ organizationId, to: slot.from, interval: span, timeZone, groups: [] },
    from: span === 'day' ? startOfDay(before, timeZone) : before,
  });
}

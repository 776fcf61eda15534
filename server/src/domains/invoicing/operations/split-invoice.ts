import type { AnswerOf } from '@sluice/contract/endpoint';
import type { splitInvoice as contract } from '@sluice/contract/invoice-splits';
import type { Context } from '../../../platform/context.ts';
import { writeCsv } from '../../../platform/csv.ts';
import { formatMoney, fromMinor } from '../../../platform/money.ts';
import { loadMeters, type Meter } from '../../catalog/index.ts';
import { findNames } from '../../identity/index.ts';
import { type SplitPart, splitUsage } from '../../metering/index.ts';
import { apportion } from '../core/apportion.ts';
import type { Invoice, InvoiceLine } from '../core/invoice.ts';
import { describeLine } from '../core/line-words.ts';
import { requireInvoice } from './read-invoices.ts';

type View = AnswerOf<typeof contract>;
type By = View['by'];

/** In nano-units of the invoice's currency. */
interface Share {
  id: string | null;
  amount: bigint;
  net: bigint;
}

interface SplitLine {
  position: number;
  line: InvoiceLine;
  amount: bigint;
  net: bigint;
  shares: Share[];
}

/**
 * Whose use the usage lines of an invoice are, in proportion to what each used of the line's meter in its period.
 * @throws Refusal `not_found`.
 */
export async function splitInvoice(
  context: Context,
  asked: { organizationId: string; id: string; by: By },
): Promise<View> {
  const invoice = await requireInvoice(context, asked);
  const lines = await splitLines(context, invoice, asked.by);
  const totals = totalsOf(lines);
  const names = await findNames(context.database, {
    organizationId: asked.organizationId,
    ids: totals.flatMap(({ id }) => id ?? []),
  });
  const { currency } = invoice.total;
  const wire = (amount: bigint) => formatMoney({ amount, currency });
  const present = ({ id, amount, net }: Share) => ({
    id,
    name: id === null ? null : (names.get(id) ?? null),
    amount: wire(amount),
    net_amount: wire(net),
  });
  const whole = invoice.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const split = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    ...{ invoice: invoice.id, number: invoice.number, by: asked.by, currency },
    lines: lines.map(({ position, line, amount, net, shares }) => ({
      position,
      description: describeLine(line.text, invoice.customer.locale),
      period: line.period && {
        from: line.period.from.toISOString(),
        to: line.period.to.toISOString(),
      },
      amount: wire(amount),
      net_amount: wire(net),
      shares: shares.map(present),
    })),
    totals: totals.map(present),
    other: wire(fromMinor({ minor: whole, currency }).amount - split),
  };
}

/** The same as a table for a spreadsheet: a row for each share of each line. */
export function splitFile(view: View): { name: string; bytes: Buffer; contentType: string } {
  const columns = ['line', 'description', 'from', 'to', view.by, 'name', 'amount', 'net_amount'];
  const rows = view.lines.flatMap(({ position, description, period, shares }) =>
    shares.map((share) => [
      ...[position, description, period?.from ?? null, period?.to ?? null],
      ...[share.id, share.name, share.amount, share.net_amount, view.currency],
    ]),
  );
  return {
    name: `${view.number ?? view.invoice}-${view.by}.csv`,
    bytes: writeCsv([...columns, 'currency'], rows),
    contentType: 'text/csv; charset=utf-8',
  };
}

async function splitLines(context: Context, invoice: Invoice, by: By): Promise<SplitLine[]> {
  const usage = invoice.lines.flatMap((line, position) =>
    line.kind === 'usage' || line.kind === 'minimum_spend' ? [{ line, position }] : [],
  );
  const meters = await loadMeters(context.database);
  const asked = usage.map(({ line, position }) => ({
    line,
    position,
    meter: meterOf(line, meters),
  }));
  const known = asked.flatMap(({ line: { period }, meter, position }) =>
    period && meter ? [{ position, meter, ask: { meterId: meter.id, ...period } }] : [],
  );
  const parts = await splitUsage(context.database, {
    ...{ organizationId: invoice.organizationId, by },
    asks: known.map(({ ask }) => ask),
  });
  const { currency } = invoice.total;
  return asked.map(({ line, position, meter }) => {
    const found = parts[known.findIndex((one) => one.position === position)] ?? [];
    const { amount } = fromMinor({ minor: line.amountMinor, currency });
    const { amount: net } = fromMinor({ minor: line.netMinor, currency });
    return { position, line, amount, net, shares: sharesOf({ amount, net }, meter, found) };
  });
}

/** What the line says, or, where it is older, what is called so. */
function meterOf({ text: { params } }: InvoiceLine, meters: readonly Meter[]): Meter | undefined {
  const named = meters.filter(({ name }) => name === params.name);
  return (
    meters.find(({ id }) => id === params.meter) ?? (named.length === 1 ? named[0] : undefined)
  );
}

/** What adds up is split by how much, what does not (the largest, the latest, how many values) by how often. */
function sharesOf(
  { amount, net }: { amount: bigint; net: bigint },
  meter: Meter | undefined,
  parts: readonly SplitPart[],
): Share[] {
  const adds = meter?.aggregation === 'count' || meter?.aggregation === 'sum';
  const weights = parts.map(({ total, events }) => {
    const weight = adds ? total : events;
    return weight > 0n ? weight : 0n;
  });
  if (!weights.some((weight) => weight > 0n)) return [{ id: null, amount, net }];
  const amounts = apportion(amount, weights);
  const nets = apportion(net, weights);
  return parts.map(({ subjectId }, index) => ({
    id: subjectId,
    amount: amounts[index] ?? 0n,
    net: nets[index] ?? 0n,
  }));
}

function totalsOf(lines: readonly SplitLine[]): Share[] {
  const totals = new Map<string | null, Share>();
  for (const { id, amount, net } of lines.flatMap(({ shares }) => shares)) {
    const total = totals.get(id) ?? { id, amount: 0n, net: 0n };
    totals.set(id, { id, amount: total.amount + amount, net: total.net + net });
  }
  return [...totals.values()].sort((one, other) => Number(other.amount - one.amount));
}

/** A meter, what was reported of it, and what it comes to in a period. */
import {
  createMeterBook,
  createPriceBook,
  registerTemplate,
} from '../server/src/domains/catalog/index.ts';
import { openFunds } from '../server/src/domains/ledger/index.ts';
import { reportUsage, usageInPeriod } from '../server/src/domains/metering/index.ts';
import { inTransaction, type Platform, systemContext } from '../server/src/platform/context.ts';
import { newId } from '../server/src/platform/ids.ts';
import type { Ratio } from '../server/src/platform/ratio.ts';

export interface Metered {
  /** Reports so much, when it happens. */
  use(quantity: number, at: Date, properties?: Record<string, string>): Promise<void>;
  /** What it comes to within `[from, to)`, in its unit. */
  used(from: Date, to: Date): Promise<Ratio>;
}

let meters = 0;

export async function openMeter(
  platform: Platform,
  {
    aggregation,
    kind = 'flow',
    property,
  }: { aggregation: string; kind?: string; property?: string },
): Promise<Metered> {
  meters += 1;
  const slug = `example-${meters}`;
  const organizationId = newId('org', platform.clocks.business());
  const shape = [`key: used, name: Used, aggregation: ${aggregation}, kind: ${kind}`];
  if (property !== undefined) shape.push(`property: ${property}`);
  const template = [
    `application: { slug: ${slug}, name: Example }`,
    `meters: [{ ${shape.join(', ')} }]`,
  ].join('\n');
  const context = systemContext(platform, 'req_conformance');
  await registerTemplate(context, { template, dryRun: false });
  await inTransaction(context, (transaction) => openFunds(context, transaction, organizationId));
  const book = await createMeterBook(platform);
  const found = book.resolve(null, `${slug}.used`);
  if (!found?.applicationId) throw new Error(`${slug} has no meter.`);
  const { id: meterId, applicationId } = found;
  const reporting = {
    meters: book,
    prices: await createPriceBook(platform),
    resolveSubject: async () => ({ organizationId, userId: null, costCenterId: null, key: null }),
    findKey: async () => undefined,
    settleReported: async () => ({ repeated: false }),
  };
  let events = 0;
  return {
    async use(quantity, at, properties) {
      events += 1;
      const event = {
        ...{ id: `${slug}-${events}`, subject: { organization: organizationId }, meter: 'used' },
        ...(['count', 'unique'].includes(aggregation) ? {} : { quantity }),
        ...(properties && { properties }),
      };
      // Reported as it happens, so that no example is too late.
      const then = { ...context, clocks: { ...context.clocks, business: () => at } };
      const [answer] = await reportUsage(then, reporting, {
        reporter: { kind: 'application', applicationId },
        events: [event],
      });
      if (answer?.status !== 'accepted') throw new Error(`${slug}: ${JSON.stringify(answer)}`);
    },
    async used(from, to) {
      const ask = { organizationId, meterId, from, to };
      return (await usageInPeriod(platform.database, ask)).quantity;
    },
  };
}

/**
 * A process of its own that reports usage, for tests with several. It is told what to send by one JSON argument, and
 * says how many events were accepted.
 */
import { readConfig } from '../../../platform/config.ts';
import { systemContext } from '../../../platform/context.ts';
import { createSealer } from '../../../platform/crypto.ts';
import { openBulkDatabase } from '../../../platform/database/bulk.ts';
import { openDatabase } from '../../../platform/database/pool.ts';
import { primaryAlone } from '../../../platform/database/replica.ts';
import { invariant } from '../../../platform/errors.ts';
import { createEvents } from '../../../platform/events.ts';
import { createLog } from '../../../platform/log.ts';
import { createNotifications } from '../../../platform/notifications.ts';
import { systemClocks } from '../../../platform/time.ts';
import { createMeterBook, createPriceBook } from '../../catalog/index.ts';
import { reportUsage } from '../index.ts';

export interface ReportOrder {
  url: string;
  applicationId: string;
  organizationId: string;
  meter: string;
  batches: string[][];
}

const order: ReportOrder = JSON.parse(process.argv[2] ?? '{}');
const log = createLog('silent');
const database = openDatabase({ url: order.url, max: 4 });
const platform = {
  config: readConfig({}),
  database,
  bulk: openBulkDatabase({ url: order.url }),
  replica: primaryAlone(database),
  clocks: systemClocks(() => 0),
  log,
  events: createEvents([]),
  sealer: createSealer('a secret of the tests, longer than 32 characters'),
  notifications: createNotifications(log),
};
const reporting = {
  meters: await createMeterBook(platform),
  prices: await createPriceBook(platform),
  resolveSubject: async () => ({
    organizationId: order.organizationId,
    userId: null,
    costCenterId: null,
    key: null,
  }),
  findKey: async () => undefined,
  settleReported: async () => {
    invariant(false, 'only meters are reported here');
  },
};
const answers = await Promise.all(
  order.batches.map((ids) =>
    reportUsage(systemContext(platform, 'req_worker'), reporting, {
      reporter: { kind: 'application', applicationId: order.applicationId },
      events: ids.map((id) => ({
        id,
        subject: { organization: order.organizationId },
        meter: order.meter,
      })),
    }),
  ),
);
const accepted = answers.flat().filter(({ status }) => status === 'accepted').length;
process.stdout.write(JSON.stringify({ accepted }));
await platform.database.destroy();

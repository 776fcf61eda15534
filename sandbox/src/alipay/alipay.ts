/** Alipay: its gateway, its pages, its bills, and what it keeps between starts. */
import { join } from 'node:path';
import type { Route } from '../http/router.ts';
import type { Clock } from '../steering/clock.ts';
import { Journal } from '../storage/journal.ts';
import { type AlipayCredentials, openAccount } from './account.ts';
import { type Agreement, openAgreementBook } from './agreement.ts';
import { openBillDesk } from './bill-routes.ts';
import { openBook } from './book.ts';
import { type KeptSteering, openDesk } from './desk.ts';
import { gatewayRoutes } from './gateway.ts';
import { openNews } from './news.ts';
import { payPageRoutes } from './pay-page-routes.ts';
import type { Steering } from './steering.ts';
import { steeringRoutes } from './steering-routes.ts';
import type { Trade } from './trade.ts';

const recordsMax = 20_000;

export interface AlipayOptions {
  credentials: () => AlipayCredentials;
  clock: Clock;
  dataDir: string | undefined;
  publicUrl: string;
}

export interface Alipay {
  routes: Route[];
  close(): Promise<void>;
}

export function openAlipay({ credentials, clock, dataDir, publicUrl }: AlipayOptions): Alipay {
  const fileOf = (name: string) =>
    dataDir === undefined ? undefined : join(dataDir, `alipay-${name}.jsonl`);
  const trades = new Journal<Trade>({ path: fileOf('trades'), recordsMax });
  const journal = new Journal<Agreement>({ path: fileOf('agreements'), recordsMax });
  const steerings = new Journal<KeptSteering>({ path: fileOf('steering'), recordsMax });
  const steeringOf = (number: string): Steering =>
    (steerings.get(number) ?? steerings.get('*'))?.steering ?? {};

  const account = openAccount(credentials);
  const news = openNews({ account, clock, path: fileOf('notices'), steeringOf });
  const agreements = openAgreementBook({ account, clock, journal, news });
  const book = openBook(trades, clock);
  const desk = openDesk({ account, clock, book, agreements, news, steeringOf });
  const bills = openBillDesk(desk, publicUrl);
  return {
    routes: [
      ...gatewayRoutes({ desk, bills, publicUrl }),
      ...bills.routes,
      ...payPageRoutes(desk),
      ...steeringRoutes(desk, (id, steering) => steerings.put({ id, steering })),
    ],
    close: async () => {
      await news.deliveries.close();
      for (const each of [trades, journal, steerings]) each.close();
    },
  };
}

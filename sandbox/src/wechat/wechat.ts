/** WeChat Pay, API v3: its routes, and what it keeps between starts. */
import { join } from 'node:path';
import { Deliveries } from '../deliveries/deliveries.ts';
import type { Route } from '../http/router.ts';
import type { Clock } from '../steering/clock.ts';
import { Journal } from '../storage/journal.ts';
import type { WechatAccount } from './account.ts';
import { createGuard, serveApi } from './api.ts';
import { openBills } from './bill-routes.ts';
import { type KeptSteering, openDesk } from './desk.ts';
import { orderRoutes, refundRoutes } from './merchant-api.ts';
import { isTaken, type News, postNews, scheduleMs } from './news.ts';
import type { WechatOrder, WechatRefund } from './order.ts';
import { payPageRoutes } from './pay-page-routes.ts';
import type { Steering } from './steering.ts';
import { steeringRoutes } from './steering-routes.ts';
import { openTeller } from './teller.ts';

const ordersMax = 10_000;

export interface WechatOptions {
  /** Asked for when it is first needed: its keys take a while to draw. */
  account: () => WechatAccount;
  dataDir: string | undefined;
  publicUrl: string;
  clock: Clock;
}

export interface Wechat {
  routes: Route[];
  close(): Promise<void>;
}

export function openWechat({ account, dataDir, publicUrl, clock }: WechatOptions): Wechat {
  const pathOf = (name: string) =>
    dataDir === undefined ? undefined : join(dataDir, `wechat-${name}.jsonl`);
  const journal = <T extends { id: string }>(name: string) =>
    new Journal<T>({ path: pathOf(name), recordsMax: ordersMax });
  const orders = journal<WechatOrder>('orders');
  const refunds = journal<WechatRefund>('refunds');
  const steerings = journal<KeptSteering>('steering');
  const steeringOf = (number: string): Steering =>
    (steerings.get(number) ?? steerings.get('*'))?.steering ?? {};
  const deliveries = new Deliveries<News>({
    clock,
    path: pathOf('news'),
    scheduleMs,
    compose: ({ payload, about }) => postNews(payload, account(), steeringOf(about)),
    accepts: isTaken,
  });
  const teller = openTeller({ account, clock, deliveries, steeringOf });
  const steer = (number: string, steering: Steering) => steerings.put({ id: number, steering });
  const desk = openDesk({ account, clock, orders, refunds, steer, steeringOf, teller });
  const authorize = createGuard(desk);
  const bills = openBills(desk, authorize, publicUrl);
  const api = [...orderRoutes(desk, publicUrl), ...refundRoutes(desk), ...bills.api];
  return {
    routes: [
      ...serveApi(desk, authorize, api),
      ...bills.routes,
      ...payPageRoutes(desk),
      ...steeringRoutes(desk, deliveries),
    ],
    close: async () => {
      await deliveries.close();
      for (const each of [orders, refunds, steerings]) each.close();
    },
  };
}

/** The credit provider (LINUX DO Credit, an epay dialect): its routes, and what it keeps between starts. */
import { join } from 'node:path';
import { type Exchange, redirect, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { Journal } from '../storage/journal.ts';
import { type Desk, type KeptSteering, openDesk } from './desk.ts';
import { readFields } from './fields.ts';
import { merchantApiRoutes } from './merchant-api.ts';
import { Notifier } from './notifier.ts';
import type { CreditOrder } from './order.ts';
import { payPageRoutes } from './pay-page-routes.ts';
import { steeringRoutes } from './steering-routes.ts';
import { decideSubmission, type Merchant } from './submission.ts';

const ORDERS_MAX = 10_000;

export interface CreditOptions {
  merchant: Merchant;
  dataDir: string | undefined;
  publicUrl: string;
  notifyRetryMs: number;
}

export interface Credit {
  routes: Route[];
  close(): Promise<void>;
}

export function openCredit(options: CreditOptions): Credit {
  const { merchant, dataDir, publicUrl, notifyRetryMs } = options;
  const fileOf = (name: string) => (dataDir === undefined ? undefined : join(dataDir, name));
  const orders = new Journal<CreditOrder>({
    path: fileOf('credit-orders.jsonl'),
    recordsMax: ORDERS_MAX,
  });
  const steerings = new Journal<KeptSteering>({
    path: fileOf('credit-steering.jsonl'),
    recordsMax: ORDERS_MAX,
  });
  const notifier = new Notifier({ orders, retryMs: notifyRetryMs });
  const desk = openDesk({ merchant, orders, steerings, notifier });
  return {
    routes: [
      ...submitRoutes(desk, publicUrl),
      ...payPageRoutes(desk),
      ...merchantApiRoutes(desk),
      ...steeringRoutes(desk),
    ],
    close: async () => {
      await notifier.close();
      orders.close();
      steerings.close();
    },
  };
}

function submitRoutes(desk: Desk, publicUrl: string): Route[] {
  const path = '/sandbox/credit/pay/submit.php';
  const handle = async (exchange: Exchange) => {
    const decision = decideSubmission(await readFields(exchange), desk.merchant);
    if (!decision.accepted) return refuse(exchange, decision.status, decision.message);
    const order = await desk.submit(decision.submission);
    // The provider's unique index answers a repeated number, and it surfaces as a server error.
    if (!order) return refuse(exchange, 500, '商户订单号重复');
    redirect(
      exchange.response,
      302,
      `${publicUrl}/sandbox/credit/paying?order_no=${encodeURIComponent(order.order_no)}`,
    );
  };
  return [
    { method: 'GET', path, handle },
    { method: 'POST', path, handle },
  ];
}

function refuse(exchange: Exchange, status: number, message: string): void {
  sendJson(exchange.response, status, { error_msg: message, data: null });
}

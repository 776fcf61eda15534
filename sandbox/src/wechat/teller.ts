/** Owes the merchant the news of payments and refunds, as often and in such order as an order is steered. */
import type { Deliveries } from '../deliveries/deliveries.ts';
import type { Clock } from '../steering/clock.ts';
import type { WechatAccount } from './account.ts';
import { type News, tellOfPayment, tellOfRefund } from './news.ts';
import type { RefundState, WechatOrder, WechatRefund } from './order.ts';
import type { Steering } from './steering.ts';

export interface TellerParts {
  account: () => WechatAccount;
  clock: Clock;
  deliveries: Deliveries<News>;
  steeringOf: (number: string) => Steering;
}

export interface Teller {
  /** Resolves when what is due now has had its first answer. */
  tellPayment(order: WechatOrder): Promise<void>;
  tellRefund(order: WechatOrder, refund: WechatRefund, end: RefundEnd): Promise<void>;
}

export interface RefundEnd {
  state: Exclude<RefundState, 'PROCESSING'>;
  waitMs?: number;
}

const olderMs = 60_000;

export function openTeller({ account, clock, deliveries, steeringOf }: TellerParts): Teller {
  async function deliver(order: WechatOrder, news: News[], waitMs: number): Promise<void> {
    const { notify, concurrency = 1, delay_ms: delayMs = 0 } = steeringOf(order.id);
    if (notify === 'none') return;
    for (let next = 0; next < news.length; next += concurrency) {
      const together = news.slice(next, next + concurrency);
      await deliveries.add(order.id, together, { delayMs: delayMs + waitMs });
    }
  }

  return {
    async tellPayment(order) {
      if (order.state !== 'SUCCESS') return;
      const steering = steeringOf(order.id);
      const now = clock.now();
      const news = tellOfPayment(order, { account: account(), steering, now });
      const before = { account: account(), steering, now: new Date(now.getTime() - olderMs) };
      const older = () => tellOfPayment(order, before, { trade_state: 'USERPAYING' });
      const all = [...repeat(news, steering), ...(steering.reorder ? [older()] : [])];
      await deliver(order, all, 0);
    },
    async tellRefund(order, refund, { state, waitMs = 0 }) {
      const steering = steeringOf(order.id);
      const told = { account: account(), steering, now: clock.now() };
      const news = tellOfRefund(refund, order, { ...told, state });
      const older = () => tellOfPayment(order, told);
      const all = [...repeat(news, steering), ...(steering.reorder ? [older()] : [])];
      await deliver(order, all, waitMs);
    },
  };
}

/** The very same news, as a platform repeats itself. */
function repeat(news: News, { times = 1 }: Steering): News[] {
  return Array.from({ length: times }, () => news);
}

/** The book of trades, as they stand now. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../steering/clock.ts';
import type { Journal } from '../storage/journal.ts';
import { drawDigits } from './account.ts';
import { beijingDate } from './beijing.ts';
import type { Trade } from './trade.ts';

export type TradeOrder = Pick<
  Trade,
  'id' | 'product' | 'subject' | 'total_amount' | 'notify_url' | 'return_url' | 'agreement'
> & { expiresAt: Date | null };

export type Book = ReturnType<typeof openBook>;

export function openBook(trades: Journal<Trade>, clock: Clock) {
  const keep = (trade: Trade, changes: Partial<Trade>) => trades.put(Object.assign(trade, changes));

  /** An order whose term is over is closed, whoever looks. */
  function find(id: string): Trade | undefined {
    const trade = trades.get(id);
    if (trade?.status === 'WAIT_BUYER_PAY' && isOver(trade)) {
      keep(trade, { status: 'TRADE_CLOSED', closed_at: trade.expires_at });
    }
    return trade;
  }

  function isOver({ expires_at }: Trade): boolean {
    return expires_at !== null && Date.parse(expires_at) <= clock.now().getTime();
  }

  function open({ expiresAt, ...order }: TradeOrder): Trade {
    const now = clock.now();
    const trade: Trade = {
      ...order,
      page: randomBytes(24).toString('base64url'),
      trade_no: `${beijingDate(now).replaceAll('-', '')}${drawDigits(20)}`,
      status: 'registered',
      expires_at: expiresAt?.toISOString() ?? null,
      created_at: now.toISOString(),
      ...{ paid_at: null, closed_at: null, isDeclined: false, refunds: [] },
    };
    trades.put(trade);
    return trade;
  }

  /** The payer has come to the page, or has scanned the code: from now on the trade exists. */
  function arrive(trade: Trade): void {
    if (trade.status === 'registered' && !isOver(trade)) keep(trade, { status: 'WAIT_BUYER_PAY' });
  }

  return {
    keep,
    find,
    open,
    arrive,
    findByPage: (page: string) => find(trades.all().find((each) => each.page === page)?.id ?? ''),
    all: () => trades.all(),
  };
}

/** Alipay's desk: takes what payers and merchants want of a trade, and tells the merchant what became of it. */
import type { Clock } from '../steering/clock.ts';
import type { Account } from './account.ts';
import type { AgreementBook } from './agreement.ts';
import type { Book } from './book.ts';
import { type News, tradeNews } from './news.ts';
import type { Steering } from './steering.ts';
import { canBePaid, leftFen, type Outcome, type Refund, type Trade, yuan } from './trade.ts';

export interface KeptSteering {
  /** The merchant's order number, or `*` for orders without steering of their own. */
  id: string;
  steering: Steering;
}

export interface DeskParts {
  account: Account;
  clock: Clock;
  book: Book;
  agreements: AgreementBook;
  news: News;
  steeringOf(number: string): Steering;
}

export type Desk = ReturnType<typeof openDesk>;

const refundPendingMs = 3_600_000;

export function openDesk({ account, clock, book, agreements, news, steeringOf }: DeskParts) {
  const nowText = () => clock.now().toISOString();
  const tell = (trade: Trade, refund?: Refund) =>
    news.tell(trade.id, trade.notify_url, tradeNews(trade, account, refund));

  /** Paying a paid trade again only tells of it again, as a replay. False where it is over. */
  async function decide(trade: Trade, outcome: Outcome): Promise<boolean> {
    book.arrive(trade);
    if (trade.status === 'TRADE_CLOSED' || trade.status === 'registered') return false;
    if (canBePaid(trade)) {
      if (outcome === 'declined') book.keep(trade, { isDeclined: true });
      if (outcome === 'paid') take(trade);
    }
    if (outcome !== 'paid') return true;
    await tell(trade);
    const signing = agreements.find(trade.agreement ?? '');
    if (signing && trade.product !== 'agreement') await agreements.decide(signing, 'paid');
    return true;
  }

  function take(trade: Trade): void {
    const { paid: fen } = steeringOf(trade.id);
    const paid = fen === undefined ? {} : { total_amount: yuan(BigInt(fen)) };
    book.keep(trade, { ...paid, status: 'TRADE_SUCCESS', paid_at: nowText(), isDeclined: false });
  }

  async function close(trade: Trade): Promise<void> {
    book.keep(trade, { status: 'TRADE_CLOSED', closed_at: nowText() });
    await tell(trade);
  }

  /** The caller has checked that so much is left. */
  async function refund(
    trade: Trade,
    { fen, ...asked }: Pick<Refund, 'request' | 'reason' | 'madeBy'> & { fen: bigint },
  ): Promise<void> {
    const isPending = asked.madeBy === 'merchant' && steeringOf(trade.id).refund === 'pending';
    const made: Refund = {
      ...{ ...asked, amount: yuan(fen), at: nowText() },
      status: isPending ? 'pending' : 'done',
    };
    const isWhole = leftFen(trade) === fen;
    book.keep(trade, {
      refunds: [...trade.refunds, made],
      ...(isWhole ? { status: 'TRADE_CLOSED', closed_at: made.at } : {}),
    });
    if (!isPending) await tell(trade, made);
  }

  /** A refund as it stands now: one that is under way is done after an hour. */
  function findRefund(trade: Trade, request: string): Refund | undefined {
    const made = trade.refunds.find((each) => each.request === request);
    const ageMs = made ? clock.now().getTime() - Date.parse(made.at) : 0;
    if (made?.status === 'pending' && ageMs >= refundPendingMs) {
      made.status = 'done';
      book.keep(trade, {});
    }
    return made;
  }

  return {
    ...{ account, clock, book, agreements, steeringOf, decide, close, refund, findRefund },
    noticesOf: (number: string) => news.deliveries.of(number),
  };
}

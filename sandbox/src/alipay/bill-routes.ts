/** A day's bill: asked for at the gateway, fetched at an address that is good for half a minute. */
import { randomBytes } from 'node:crypto';
import { RequestError } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { refusal, type Said, success } from './answer.ts';
import { beijingDay } from './beijing.ts';
import { billLines, packBill } from './bill.ts';
import type { Desk } from './desk.ts';
import type { GatewayCall } from './request.ts';

const addressGoodMs = 30_000;
const offersMax = 100;
/** The bill of a day is made until nine in the morning of the next. */
const madeAfterMs = 9 * 3_600_000;

export type BillDesk = ReturnType<typeof openBillDesk>;

export function openBillDesk(desk: Desk, publicUrl: string) {
  const offers = new Map<string, { date: string; goodUntil: number }>();

  /** There is no bill of a day on which nothing was, and none yet of one that is not over. */
  function offer({ biz }: GatewayCall): Said {
    const date = String(biz.bill_date);
    const day = beijingDay(date);
    if (biz.bill_type !== 'trade' || !day) return refusal('isp.invalid_arguments', '入参不合法');
    const isMade = desk.clock.now().getTime() >= day.to.getTime() + madeAfterMs;
    if (!isMade || billLines(desk.book.all(), day).length === 0) {
      return refusal('isp.bill_not_exist', '账单不存在');
    }
    const token = randomBytes(16).toString('hex');
    offers.set(token, { date, goodUntil: Date.now() + addressGoodMs });
    const [oldest] = offers.keys();
    if (offers.size > offersMax && oldest !== undefined) offers.delete(oldest);
    return success({ bill_download_url: `${publicUrl}/sandbox/alipay/bill?token=${token}` });
  }

  const download: Route = {
    method: 'GET',
    path: '/sandbox/alipay/bill',
    handle({ query, response }) {
      const offered = offers.get(query.get('token') ?? '');
      const day = offered && beijingDay(offered.date);
      if (!day || offered.goodUntil < Date.now()) throw new RequestError(403, 'Ask for it anew.');
      const archive = packBill(offered.date, billLines(desk.book.all(), day), desk.account);
      response.writeHead(200, {
        'content-type': 'application/zip',
        'content-length': archive.length,
      });
      response.end(archive);
    },
  };

  return { offer, routes: [download] };
}

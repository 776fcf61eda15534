/** The gateway: one address for pages and calls alike. Every call is verified before it is looked at. */
import { type Exchange, redirect, send, sendHtml } from '../http/exchange.ts';
import { pickLocale } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { invalid, refusal, type Said, success, writeAnswer } from './answer.ts';
import { beijingTime } from './beijing.ts';
import type { BillDesk } from './bill-routes.ts';
import type { Desk } from './desk.ts';
import { buyer } from './news.ts';
import { charge, type Ordered, orderPage, precreate } from './orders.ts';
import { renderFailure } from './pay-page.ts';
import { queryRefund, refundTrade } from './refunds.ts';
import { type GatewayCall, type ReadCall, readCall, readCallFields } from './request.ts';
import { endAgreement, queryAgreement, readSigning } from './signing.ts';

export interface GatewayParts {
  desk: Desk;
  bills: BillDesk;
  publicUrl: string;
}

type Method = (parts: GatewayParts, call: GatewayCall) => Said | Promise<Said>;

const methods: Readonly<Record<string, Method>> = {
  'alipay.trade.precreate': ({ desk, publicUrl }, call) => precreate(desk, call, publicUrl),
  'alipay.trade.pay': ({ desk }, call) => charge(desk, call),
  'alipay.trade.query': ({ desk }, call) => queryTrade(desk, call),
  'alipay.trade.close': ({ desk }, call) => closeTrade(desk, call),
  'alipay.trade.refund': ({ desk }, call) => refundTrade(desk, call),
  'alipay.trade.fastpay.refund.query': ({ desk }, call) => queryRefund(desk, call),
  'alipay.user.agreement.query': ({ desk }, call) => queryAgreement(desk, call),
  'alipay.user.agreement.unsign': ({ desk }, call) => endAgreement(desk, call),
  'alipay.data.dataservice.bill.downloadurl.query': ({ bills }, call) => bills.offer(call),
};

type Page = (parts: GatewayParts, call: GatewayCall) => { path: string } | { said: Said };

const pages: Readonly<Record<string, Page>> = {
  'alipay.trade.page.pay': ({ desk }, call) => cashier(desk, orderPage(desk, call, 'page')),
  'alipay.trade.wap.pay': ({ desk }, call) => cashier(desk, orderPage(desk, call, 'mobile')),
  'alipay.user.agreement.page.sign': ({ desk }, call) => signPage(desk, call),
};

export function gatewayRoutes(parts: GatewayParts): Route[] {
  const handle: Route['handle'] = (exchange) => answer(parts, exchange);
  const path = '/sandbox/alipay/gateway.do';
  return [
    { method: 'GET', path, handle },
    { method: 'POST', path, handle },
  ];
}

async function answer(parts: GatewayParts, exchange: Exchange): Promise<void> {
  const fields = await readCallFields(exchange);
  const isPage = Object.hasOwn(pages, fields?.method ?? '');
  const { account } = parts.desk;
  const read = fields ? readCall(fields, { account, isPage }) : ambiguous;
  const page = pages[read.accepted ? read.call.method : read.method];
  if (!read.accepted) refuse(parts, exchange, read);
  else if (page) sendPage(parts, exchange, page(parts, read.call));
  else await answerCall(parts, exchange, read.call);
}

async function answerCall(
  parts: GatewayParts,
  exchange: Exchange,
  call: GatewayCall,
): Promise<void> {
  const { account, steeringOf } = parts.desk;
  const { answers, refund } = steeringOf(numberIn(call));
  // The calendar here is the sandbox's, and the answer says so.
  exchange.response.setHeader('date', parts.desk.clock.now().toUTCString());
  if (answers === 'down') {
    send(exchange.response, 500, 'text/html', '<h1>500</h1>');
    return;
  }
  const said = await (methods[call.method]?.(parts, call) ?? unknownMethod);
  const isRefundLost = call.method === 'alipay.trade.refund' && refund === 'lost';
  if (answers === 'lost' || isRefundLost) exchange.response.destroy();
  else sendAnswer(exchange, writeAnswer(call.method, said, account));
}

/** A browser gets a page; a caller gets an answer, signed where Alipay knows who it is. */
function refuse(
  { desk }: GatewayParts,
  exchange: Exchange,
  { method, said, isKnown }: Extract<ReadCall, { accepted: false }>,
): void {
  if (pages[method]) {
    sendHtml(exchange.response, 400, renderFailure(pickLocale(exchange), said));
    return;
  }
  const name = `${method.replaceAll('.', '_')}_response`;
  const text = isKnown ? writeAnswer(method, said, desk.account) : JSON.stringify({ [name]: said });
  sendAnswer(exchange, text);
}

const ambiguous: ReadCall = {
  ...{ accepted: false, method: 'error', isKnown: false },
  said: invalid('isv.invalid-parameter', '参数重复'),
};
const unknownMethod = invalid('isv.invalid-method', '不存在的方法名');

/** The order, refund's order or agreement that a call is about. */
function numberIn({ biz }: GatewayCall): string {
  return String(biz.out_trade_no ?? biz.external_agreement_no ?? '');
}

function sendAnswer({ response }: Exchange, text: string): void {
  send(response, 200, 'application/json;charset=utf-8', text);
}

function sendPage({ publicUrl }: GatewayParts, exchange: Exchange, page: ReturnType<Page>): void {
  if ('path' in page) redirect(exchange.response, 302, `${publicUrl}${page.path}`);
  else sendHtml(exchange.response, 400, renderFailure(pickLocale(exchange), page.said));
}

/** The payer has come with it. */
function cashier(desk: Desk, ordered: Ordered): ReturnType<Page> {
  if ('said' in ordered) return ordered;
  desk.book.arrive(ordered.trade);
  return { path: `/sandbox/alipay/cashier?trade=${encodeURIComponent(ordered.trade.page)}` };
}

function signPage(desk: Desk, { biz, notifyUrl, returnUrl }: GatewayCall): ReturnType<Page> {
  const terms = readSigning(biz);
  const isCycle = biz.product_code === 'CYCLE_PAY_AUTH';
  if (!isCycle || !terms || terms === 'invalid')
    return { said: refusal('INVALID_PARAMETER', '签约参数无效') };
  const urls = { notify_url: notifyUrl, return_url: returnUrl };
  const { page } = desk.agreements.open(terms, urls);
  return { path: `/sandbox/alipay/sign?agreement=${encodeURIComponent(page)}` };
}

function queryTrade(desk: Desk, { biz }: GatewayCall): Said {
  const trade = desk.book.find(String(biz.out_trade_no));
  if (!trade || trade.status === 'registered') return refusal('ACQ.TRADE_NOT_EXIST', '交易不存在');
  const paidAt = trade.paid_at && beijingTime(new Date(trade.paid_at));
  return success({
    trade_no: trade.trade_no,
    out_trade_no: trade.id,
    trade_status: trade.status,
    total_amount: trade.total_amount,
    buyer_user_id: buyer.id,
    buyer_logon_id: buyer.logon,
    ...(paidAt ? { send_pay_date: paidAt, buyer_pay_amount: trade.total_amount } : {}),
  });
}

function closeTrade(desk: Desk, { biz }: GatewayCall): Said {
  const trade = desk.book.find(String(biz.out_trade_no));
  if (!trade || trade.status === 'registered') return refusal('ACQ.TRADE_NOT_EXIST', '交易不存在');
  if (trade.status !== 'WAIT_BUYER_PAY') {
    return refusal('ACQ.REASON_TRADE_STATUS_INVALID', '交易状态异常');
  }
  void desk.close(trade);
  return success({ trade_no: trade.trade_no, out_trade_no: trade.id });
}

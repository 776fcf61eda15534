/** Alipay's pages for a payer, with a button for each way it can go. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import type { Agreement } from './agreement.ts';
import type { Said } from './answer.ts';
import { canBePaid, type Trade } from './trade.ts';

const words = {
  en: {
    title: 'Sandbox Alipay',
    scanned: 'You scanned the code with your phone.',
    lead: 'A payment page for practice: no money moves.',
    seller: 'Merchant',
    item: 'Item',
    orderNumber: 'Order number',
    state: 'State',
    states: {
      registered: 'The term is over',
      WAIT_BUYER_PAY: 'Waiting for payment',
      TRADE_SUCCESS: 'Paid',
      TRADE_CLOSED: 'Closed',
    },
    declined: 'Declined; you may try again',
    signs: 'By paying you also sign an agreement for recurring payments.',
    pay: 'Pay',
    decline: 'Let the payment be declined',
    abandon: 'Leave without paying',
    back: 'Back to the merchant',
    agreement: 'Recurring payments',
    agreementLead: 'The merchant may charge you without asking each time, up to',
    sign: 'Sign the agreement',
    refuseSign: 'Refuse',
    signStates: { TEMP: 'Waiting for you', NORMAL: 'Signed', STOP: 'Ended' },
    failure: 'Alipay cannot show this page',
  },
  'zh-CN': {
    title: '沙盒支付宝',
    scanned: '您已用手机扫码。',
    lead: '演练用的支付页面，不会产生真实扣款。',
    seller: '收款方',
    item: '商品',
    orderNumber: '商户订单号',
    state: '状态',
    states: {
      registered: '已过期',
      WAIT_BUYER_PAY: '等待付款',
      TRADE_SUCCESS: '已支付',
      TRADE_CLOSED: '已关闭',
    },
    declined: '支付失败，可以重试',
    signs: '付款的同时，您将签署周期扣款协议。',
    pay: '确认付款',
    decline: '模拟支付失败',
    abandon: '暂不付款，返回商户',
    back: '返回商户',
    agreement: '周期扣款签约',
    agreementLead: '商户可自动扣款，单次不超过',
    sign: '同意协议并签约',
    refuseSign: '不同意',
    signStates: { TEMP: '待签约', NORMAL: '已签约', STOP: '已终止' },
    failure: '支付宝无法打开此页面',
  },
};

export interface PayPageView {
  trade: Trade;
  seller: string;
  locale: Locale;
  isScanned: boolean;
  wayBack: string;
}

export function renderPayPage({ trade, seller, locale, isScanned, wayBack }: PayPageView): string {
  const text = words[locale];
  const isOpen = trade.status === 'WAIT_BUYER_PAY';
  const state = isOpen && trade.isDeclined ? text.declined : text.states[trade.status];
  const list = definitions([
    [text.seller, seller],
    [text.item, trade.subject],
    [text.orderNumber, trade.id],
    [text.state, state],
  ]);
  const signs = trade.agreement !== null && canBePaid(trade) ? `<p>${text.signs}</p>` : '';
  const body = `<h1>${text.title}</h1>
<p class="quiet">${isScanned ? `${text.scanned} ` : ''}${text.lead}</p>
<section class="card">
<p class="amount">¥ ${trade.total_amount}</p>
${list}
${signs}
${isOpen ? outcomes(locale, `${text.pay} ¥ ${trade.total_amount}`, text.decline) : backLink(wayBack, locale)}
</section>`;
  return renderPage({ locale, title: text.title, body });
}

export function renderSignPage(agreement: Agreement, seller: string, locale: Locale): string {
  const text = words[locale];
  const list = definitions([
    [text.seller, seller],
    [text.orderNumber, agreement.id],
    [text.state, text.signStates[agreement.status]],
  ]);
  const isOpen = agreement.status === 'TEMP';
  const body = `<h1>${text.agreement}</h1>
<p class="quiet">${text.lead}</p>
<section class="card">
<p>${text.agreementLead}</p>
<p class="amount">¥ ${escapeHtml(agreement.single_amount)}</p>
${list}
${isOpen ? outcomes(locale, text.sign, text.refuseSign) : backLink(agreement.return_url, locale)}
</section>`;
  return renderPage({ locale, title: text.agreement, body });
}

/** What a browser gets that came with an order which the gateway does not take. */
export function renderFailure(locale: Locale, { sub_code = '', sub_msg = '' }: Said): string {
  const title = words[locale].failure;
  const body = `<h1>${title}</h1>
<section class="card"><p>${escapeHtml(sub_msg)}</p><p class="quiet">${escapeHtml(sub_code)}</p></section>`;
  return renderPage({ locale, title, body });
}

function definitions(rows: readonly [string, string][]): string {
  const list = rows.map(([label, value]) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<dl>${list.join('')}</dl>`;
}

/** The form has no action: it posts to the page's own address. */
function outcomes(locale: Locale, paid: string, declined: string): string {
  return `<form class="outcomes" method="post">
<button class="primary" type="submit" name="outcome" value="paid">${paid}</button>
<button class="danger" type="submit" name="outcome" value="declined">${declined}</button>
<button type="submit" name="outcome" value="abandoned">${words[locale].abandon}</button>
</form>`;
}

function backLink(url: string, locale: Locale): string {
  return url === '' ? '' : `<p><a href="${escapeHtml(url)}">${words[locale].back}</a></p>`;
}

/** What a payer sees: the list of codes that wait to be scanned, and the page of one order with a button for each end. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import { yuan } from './bill.ts';
import type { WechatOrder } from './order.ts';

const words = {
  en: {
    title: 'Sandbox WeChat Pay',
    lead: 'A payment page for practice: no money moves.',
    scanLead: 'Instead of holding a phone before the screen, choose the code that it shows.',
    paste: 'Text of the code, such as weixin://wxpay/bizpayurl?pr=…',
    scan: 'Scan',
    empty: 'No code waits to be scanned.',
    merchant: 'Merchant',
    item: 'Item',
    orderNumber: 'Order number',
    state: 'State',
    states: {
      NOTPAY: 'Waiting for payment',
      SUCCESS: 'Paid',
      CLOSED: 'Closed',
      REFUND: 'Paid, and refunded at least in part',
    },
    declined: 'Declined; you may try again',
    pay: 'Pay',
    decline: 'Let the payment be declined',
    abandon: 'Leave without paying',
    back: 'Back to the merchant',
    codes: 'All codes that wait',
  },
  'zh-CN': {
    title: '沙盒微信支付',
    lead: '演练用的支付页面，不会产生真实扣款。',
    scanLead: '无需用手机扫码，请选择屏幕上显示的二维码对应的订单。',
    paste: '二维码内容，例如 weixin://wxpay/bizpayurl?pr=…',
    scan: '扫一扫',
    empty: '没有等待扫描的二维码。',
    merchant: '商户',
    item: '商品',
    orderNumber: '商户订单号',
    state: '状态',
    states: {
      NOTPAY: '待支付',
      SUCCESS: '已支付',
      CLOSED: '已关闭',
      REFUND: '已支付，并有退款',
    },
    declined: '支付被拒绝，可以重试',
    pay: '确认支付',
    decline: '模拟支付被拒绝',
    abandon: '暂不支付，返回商户',
    back: '返回商户',
    codes: '所有待扫描的二维码',
  },
};

export interface OrderView {
  order: WechatOrder;
  state: keyof (typeof words)['en']['states'];
  merchant: string;
  locale: Locale;
  /** Where a phone's browser is led back to; null where the merchant waits on another screen. */
  backTo: string | null;
}

export function renderOrder({ order, state, merchant, locale, backTo }: OrderView): string {
  const text = words[locale];
  const isDeclined = state === 'NOTPAY' && order.declines > 0;
  const rows: [string, string][] = [
    [text.merchant, merchant],
    [text.item, order.description],
    [text.orderNumber, order.id],
    [text.state, isDeclined ? text.declined : text.states[state]],
  ];
  const list = rows.map(([label, value]) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`);
  const amount = `¥${yuan(order.total)}`;
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.lead}</p>
<section class="card">
<p class="amount">${amount}</p>
<dl>${list.join('')}</dl>
${state === 'NOTPAY' ? renderOutcomes(amount, locale) : renderWayBack(backTo, locale)}
</section>`;
  return renderPage({ locale, title: text.title, body });
}

/** The form has no action: it posts to the page's own address. */
function renderOutcomes(amount: string, locale: Locale): string {
  const text = words[locale];
  return `<form class="outcomes" method="post">
<button class="primary" type="submit" name="outcome" value="paid">${text.pay} ${amount}</button>
<button class="danger" type="submit" name="outcome" value="declined">${text.decline}</button>
<button type="submit" name="outcome" value="abandoned">${text.abandon}</button>
</form>`;
}

function renderWayBack(backTo: string | null, locale: Locale): string {
  const text = words[locale];
  const [address, label] = backTo === null ? ['scan', text.codes] : [backTo, text.back];
  return `<p><a href="${escapeHtml(address)}">${label}</a></p>`;
}

/** `waiting`: orders with the text of their codes, the newest first. */
export function renderCodes(
  waiting: readonly { order: WechatOrder; code: string }[],
  locale: Locale,
): string {
  const text = words[locale];
  const codes = waiting.map(({ order, code }) => {
    const label = `¥${yuan(order.total)} · ${order.description} · ${order.id}`;
    return `<li><a href="?code=${encodeURIComponent(code)}">${escapeHtml(label)}</a></li>`;
  });
  const list =
    codes.length > 0 ? `<ul class="links">${codes.join('')}</ul>` : `<p>${text.empty}</p>`;
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.scanLead}</p>
<form class="filter" method="get">
<input name="code" aria-label="${text.paste}" placeholder="${text.paste}">
<button type="submit">${text.scan}</button>
</form>
<section class="card">${list}</section>`;
  return renderPage({ locale, title: text.title, body });
}

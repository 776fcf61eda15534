/** The provider's pay page, with a button for each way a payment can go. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import { type CreditOrder, canBePaid } from './order.ts';

const words = {
  en: {
    title: 'Sandbox Credit',
    lead: 'A payment page for practice: no money moves.',
    merchant: 'Merchant',
    item: 'Item',
    unit: 'credits',
    orderNumber: 'Order number',
    state: 'State',
    states: {
      pending: 'Waiting for payment',
      declined: 'Declined; you may try again',
      paid: 'Paid',
      refunded: 'Refunded',
    },
    pay: 'Pay',
    decline: 'Let the payment be declined',
    abandon: 'Leave without paying',
    back: 'Back to the merchant',
  },
  'zh-CN': {
    title: '沙盒积分支付',
    lead: '演练用的支付页面，不会产生真实扣款。',
    merchant: '商户',
    item: '商品',
    unit: '积分',
    orderNumber: '订单号',
    state: '状态',
    states: {
      pending: '待支付',
      declined: '支付被拒绝，可以重试',
      paid: '已支付',
      refunded: '已退款',
    },
    pay: '确认支付',
    decline: '模拟支付被拒绝',
    abandon: '暂不支付，返回商户',
    back: '返回商户',
  },
};

export interface PayPageView {
  order: CreditOrder;
  merchant: string;
  locale: Locale;
}

export function renderPayPage({ order, merchant, locale }: PayPageView): string {
  const text = words[locale];
  const rows: [string, string][] = [
    [text.merchant, merchant],
    [text.item, order.name],
    [text.orderNumber, order.id],
    [text.state, text.states[order.status]],
  ];
  const list = rows.map(([label, value]) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`);
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.lead}</p>
<section class="card">
<p class="amount">${order.money} <small>${text.unit}</small></p>
<dl>${list.join('')}</dl>
${canBePaid(order) ? renderOutcomes(order, locale) : renderWayBack(order, locale)}
</section>`;
  return renderPage({ locale, title: text.title, body });
}

/** The form has no action: it posts to the page's own address. */
function renderOutcomes(order: CreditOrder, locale: Locale): string {
  const text = words[locale];
  return `<form class="outcomes" method="post">
<button class="primary" type="submit" name="outcome" value="paid">${text.pay} ${order.money}</button>
<button class="danger" type="submit" name="outcome" value="declined">${text.decline}</button>
<button type="submit" name="outcome" value="abandoned">${text.abandon}</button>
</form>`;
}

function renderWayBack(order: CreditOrder, locale: Locale): string {
  if (order.return_url === '') return '';
  return `<p><a href="${escapeHtml(order.return_url)}">${words[locale].back}</a></p>`;
}

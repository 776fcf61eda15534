/** The vendor's page for payers: approve an order or the keeping of an account, with a button for each way it can go. */
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import type { OrderRecord, SetupRecord } from './book.ts';
import { buyer } from './present.ts';

const words = {
  en: {
    title: 'Sandbox PayPal',
    lead: 'A payment page for practice: no money moves.',
    keepLead: 'The shop wants to charge this account later. Nothing is charged now.',
    payer: 'Account',
    item: 'Item',
    orderNumber: 'Order number',
    state: 'State',
    states: {
      CREATED: 'Waiting for approval',
      PAYER_ACTION_REQUIRED: 'Waiting for approval',
      APPROVED: 'Approved, not paid yet',
      COMPLETED: 'Paid',
      VAULTED: 'Kept',
    },
    keeps: 'The shop will keep this account for later payments.',
    pay: 'Pay',
    keep: 'Let the shop keep this account',
    decline: 'Approve with a card that is declined',
    abandon: 'Cancel and return to the shop',
    back: 'Back to the shop',
  },
  'zh-CN': {
    title: '沙盒 PayPal',
    lead: '演练用的支付页面，不会产生真实扣款。',
    keepLead: '商户希望以后从此账户扣款，现在不会扣款。',
    payer: '账户',
    item: '商品',
    orderNumber: '订单号',
    state: '状态',
    states: {
      CREATED: '等待确认',
      PAYER_ACTION_REQUIRED: '等待确认',
      APPROVED: '已确认，尚未扣款',
      COMPLETED: '已支付',
      VAULTED: '已保存',
    },
    keeps: '商户将保存此账户，用于以后的付款。',
    pay: '确认支付',
    keep: '同意商户保存此账户',
    decline: '用一张会被拒的卡确认',
    abandon: '取消并返回商户',
    back: '返回商户',
  },
};

export function renderOrderPage(order: OrderRecord, locale: Locale): string {
  const text = words[locale];
  const { currency_code, value } = order.amount;
  const isOpen = order.status === 'CREATED' || order.status === 'PAYER_ACTION_REQUIRED';
  const rows: [string, string][] = [
    [text.payer, buyer.email_address],
    [text.item, order.description],
    [text.orderNumber, order.number],
    [text.state, text.states[order.status]],
  ];
  const amount = `<p class="amount">${escapeHtml(value)} <small>${escapeHtml(currency_code)}</small></p>`;
  const keeps = order.keeps_for === null ? '' : `<p class="quiet">${text.keeps}</p>`;
  const pay = `${text.pay} ${value} ${currency_code}`;
  return render(locale, {
    lead: text.lead,
    content: `${amount}${list(rows)}${keeps}`,
    form: isOpen ? { yes: pay, declines: true } : undefined,
    back: order.return_url,
  });
}

export function renderSetupPage(setup: SetupRecord, locale: Locale): string {
  const text = words[locale];
  const rows: [string, string][] = [
    [text.payer, buyer.email_address],
    [text.state, text.states[setup.status === 'APPROVED' ? 'VAULTED' : setup.status]],
  ];
  const isOpen = setup.status === 'PAYER_ACTION_REQUIRED';
  return render(locale, {
    lead: text.keepLead,
    content: list(rows),
    form: isOpen ? { yes: text.keep, declines: false } : undefined,
    back: setup.return_url,
  });
}

interface View {
  lead: string;
  content: string;
  form: { yes: string; declines: boolean } | undefined;
  back: string;
}

function render(locale: Locale, { lead, content, form, back }: View): string {
  const text = words[locale];
  const wayBack =
    back === '' ? '' : `<p><a href="${escapeHtml(back)}">${escapeHtml(text.back)}</a></p>`;
  const body = `<h1>${text.title}</h1>
<p class="quiet">${lead}</p>
<section class="card">
${content}
${form ? renderForm(form, locale) : wayBack}
</section>`;
  return renderPage({ locale, title: text.title, body });
}

/** The form has no action: it posts to the page's own address. */
function renderForm({ yes, declines }: { yes: string; declines: boolean }, locale: Locale): string {
  const text = words[locale];
  const decline = `<button class="danger" type="submit" name="outcome" value="declined">${text.decline}</button>`;
  return `<form class="outcomes" method="post">
<button class="primary" type="submit" name="outcome" value="paid">${escapeHtml(yes)}</button>
${declines ? decline : ''}
<button type="submit" name="outcome" value="abandoned">${text.abandon}</button>
</form>`;
}

function list(rows: [string, string][]): string {
  const items = rows.map(([label, value]) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<dl>${items.join('')}</dl>`;
}

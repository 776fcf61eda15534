/** The vendor's pay page: a number to type, and a button for each way a payment can go. */
import type Stripe from 'stripe';
import { escapeHtml, type Locale, renderPage } from '../http/page.ts';
import { showAmount } from './amounts.ts';
import { usualAccount, usualCard } from './instruments.ts';

const words = {
  en: {
    title: 'Sandbox Stripe',
    lead: 'A payment page for practice: no money moves.',
    item: 'Item',
    state: 'State',
    states: { open: 'Waiting for payment', complete: 'Completed', expired: 'Expired' },
    card: 'Card number',
    cardHelp:
      '4242 4242 4242 4242 pays; 4000 0000 0000 9995 has no funds; 4000 0025 0000 3155 asks back.',
    account: 'Account number',
    pay: 'Pay',
    keep: 'Save this method',
    slow: 'Pay: the debit takes four days',
    returned: 'Pay: the debit comes back',
    decline: 'Let the payment be declined',
    abandon: 'Leave without paying',
    back: 'Back to the merchant',
    declined: 'That was declined. Try another one.',
    unknown: 'That is no number for practice.',
    confirmLead: 'Your bank asks whether it is you.',
    confirm: 'Confirm',
    refuse: 'Refuse',
  },
  'zh-CN': {
    title: '沙盒 Stripe 支付',
    lead: '演练用的支付页面，不会产生真实扣款。',
    item: '商品',
    state: '状态',
    states: { open: '待支付', complete: '已完成', expired: '已过期' },
    card: '卡号',
    cardHelp:
      '4242 4242 4242 4242 支付成功；4000 0000 0000 9995 余额不足；4000 0025 0000 3155 需要验证。',
    account: '银行账号',
    pay: '确认支付',
    keep: '保存支付方式',
    slow: '支付：扣款需四天到账',
    returned: '支付：扣款被退回',
    decline: '模拟支付被拒绝',
    abandon: '暂不支付，返回商户',
    back: '返回商户',
    declined: '支付被拒绝，请换一种方式重试。',
    unknown: '这不是演练用的号码。',
    confirmLead: '发卡行需要确认是您本人。',
    confirm: '确认',
    refuse: '拒绝',
  },
};

export interface PayPageView {
  session: Stripe.Checkout.Session;
  title: string;
  locale: Locale;
  /** What went wrong with the last try. */
  problem: 'declined' | 'unknown' | undefined;
  /** The number whose bank wants to know. */
  confirms: string | undefined;
}

export function renderPayPage(view: PayPageView): string {
  const { session, title, locale, problem } = view;
  const text = words[locale];
  const { amount_total: amount, currency } = session;
  const shown = amount === null || currency === null ? '' : showAmount(amount, currency);
  const state = text.states[session.status === 'open' ? 'open' : closedState(session)];
  const rows = [...(title === '' ? [] : [[text.item, title]]), [text.state, state]].map(
    ([label = '', value = '']) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const alert = problem === undefined ? '' : `<p role="alert">${text[problem]}</p>`;
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.lead}</p>
<section class="card">
${shown === '' ? '' : `<p class="amount">${shown}</p>`}
<dl>${rows.join('')}</dl>
${alert}
${renderActions(view)}
</section>`;
  return renderPage({ locale, title: text.title, body });
}

function closedState({ status }: Stripe.Checkout.Session): 'complete' | 'expired' {
  return status === 'complete' ? 'complete' : 'expired';
}

function renderActions(view: PayPageView): string {
  const { session, locale, confirms } = view;
  const text = words[locale];
  if (session.status !== 'open') {
    const url = session.success_url;
    return url === null ? '' : `<p><a href="${escapeHtml(url)}">${text.back}</a></p>`;
  }
  if (confirms !== undefined) return renderConfirmation(confirms, locale);
  const isCard = session.payment_method_types[0] === 'card';
  const isSetup = session.mode === 'setup';
  const label = isCard ? text.card : text.account;
  const usual = isCard ? usualCard.replace(/(\d{4})(?=\d)/g, '$1 ') : usualAccount;
  const slow = `${button('processing', text.slow)}\n${button('returned', text.returned)}`;
  return `<form class="outcomes" method="post">
<label>${label}<br><input name="number" value="${usual}" inputmode="numeric" autocomplete="off"></label>
${isCard ? `<p class="quiet">${text.cardHelp}</p>` : ''}
<button class="primary" type="submit" name="outcome" value="paid">${isSetup ? text.keep : text.pay}</button>
${isCard || isSetup ? '' : slow}
<button class="danger" type="submit" name="outcome" value="declined">${text.decline}</button>
${button('abandoned', text.abandon)}
</form>`;
}

function renderConfirmation(number: string, locale: Locale): string {
  const text = words[locale];
  return `<p>${text.confirmLead}</p>
<form class="outcomes" method="post">
<input type="hidden" name="number" value="${escapeHtml(number)}">
<input type="hidden" name="confirmed" value="yes">
<button class="primary" type="submit" name="outcome" value="paid">${text.confirm}</button>
<button class="danger" type="submit" name="outcome" value="declined">${text.refuse}</button>
</form>`;
}

function button(outcome: string, label: string): string {
  return `<button type="submit" name="outcome" value="${outcome}">${label}</button>`;
}

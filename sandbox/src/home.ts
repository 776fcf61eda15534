/** The front door for a person: what is here, and where. */
import { type Exchange, sendHtml } from './http/exchange.ts';
import { pickLocale, renderPage } from './http/page.ts';
import type { Route } from './http/router.ts';

const words = {
  en: {
    title: 'Sandbox',
    lead: 'The outside world in miniature: nothing here costs money or leaves the machine.',
    parts: [
      ['/sandbox/mailbox', 'Mailbox: every mail that was sent'],
      ['/sandbox/credit/orders', 'Credit orders and their notifications (JSON)'],
      ['/sandbox/alipay/orders', 'Alipay orders and their notifications (JSON)'],
      ['/sandbox/paypal/orders', 'PayPal orders and their notifications (JSON)'],
      ['/sandbox/stripe/orders', 'Stripe orders and their events (JSON)'],
      ['/sandbox/wechat/scan', 'WeChat Pay: scan a code and pay'],
      ['/sandbox/wechat/orders', 'WeChat Pay orders and their notifications (JSON)'],
      ['/sandbox/telegram/messages', 'Telegram: every message of the bot'],
      ['/sandbox/wecom/messages', 'WeCom: every message of group robots (JSON)'],
      ['/sandbox/upstream/calls', 'Calls to the language model (JSON)'],
      ['/sandbox/upstream/scenario', 'Scenarios in force (JSON)'],
    ],
  },
  'zh-CN': {
    title: '沙盒',
    lead: '微缩的外部世界：这里的一切都不花钱，也不会离开本机。',
    parts: [
      ['/sandbox/mailbox', '邮箱：已发出的所有邮件'],
      ['/sandbox/credit/orders', '积分订单及其通知（JSON）'],
      ['/sandbox/alipay/orders', '支付宝订单及其通知（JSON）'],
      ['/sandbox/paypal/orders', 'PayPal 订单及其通知（JSON）'],
      ['/sandbox/stripe/orders', 'Stripe 订单及其事件（JSON）'],
      ['/sandbox/wechat/scan', '微信支付：扫码付款'],
      ['/sandbox/wechat/orders', '微信支付订单及其通知（JSON）'],
      ['/sandbox/telegram/messages', 'Telegram：机器人发送的所有消息'],
      ['/sandbox/wecom/messages', '企业微信：群机器人的所有消息（JSON）'],
      ['/sandbox/upstream/calls', '大模型调用记录（JSON）'],
      ['/sandbox/upstream/scenario', '生效中的场景（JSON）'],
    ],
  },
};

export const homeRoutes: Route[] = ['/sandbox', '/sandbox/'].map((path) => ({
  method: 'GET',
  path,
  handle: showHome,
}));

function showHome(exchange: Exchange): void {
  const locale = pickLocale(exchange);
  const text = words[locale];
  const links = text.parts.map(([path, label]) => `<li><a href="${path}">${label}</a></li>`);
  const body = `<h1>${text.title}</h1>
<p class="quiet">${text.lead}</p>
<section class="card"><ul class="links">${links.join('')}</ul></section>`;
  sendHtml(exchange.response, 200, renderPage({ locale, title: text.title, body }));
}

/** The wording of the mails about a subscription, in the customer's language; nothing in them is fetched. */
type Locale = 'en' | 'zh-CN';

export type Occasion =
  | 'begun'
  | 'trial_begun'
  | 'trial_ending'
  | 'renewing'
  | 'ending'
  | 'ended'
  | 'paused'
  | 'overdue'
  | 'suspended'
  | 'restored';

interface Wording {
  subject: string;
  sentence: string;
}

const en: Record<Occasion, Wording> = {
  begun: {
    subject: 'Your plan {plan} is active',
    sentence: '{plan} is active until {to}. Your API keys can use it from now on.',
  },
  trial_begun: {
    subject: 'Your trial of {plan} has begun',
    sentence:
      'You can try {plan} until {to}. It goes on as a paid plan after that, unless you cancel.',
  },
  trial_ending: {
    subject: 'Your trial of {plan} ends on {to}',
    sentence: 'After {to} you are charged {amount}. To go without it, cancel before that.',
  },
  renewing: {
    subject: '{plan} renews on {to}',
    sentence: '{plan} renews on {to} for {amount}.',
  },
  ending: {
    subject: '{plan} ends on {to}',
    sentence:
      '{plan} was canceled and ends on {to}. Until then you can take the cancellation back.',
  },
  ended: {
    subject: '{plan} has ended',
    sentence:
      '{plan} has ended. API keys can no longer use what it gave; subscribe again at any time.',
  },
  paused: {
    subject: '{plan} is paused',
    sentence: '{plan} is paused: API keys cannot use what it gives until you resume it.',
  },
  overdue: {
    subject: 'Payment for {plan} is overdue',
    sentence: 'An invoice for {plan} is not paid yet. Pay it to keep the plan.',
  },
  suspended: {
    subject: '{plan} is suspended',
    sentence:
      'An invoice for {plan} is still not paid, so API keys are refused. Pay it and everything is back at once.',
  },
  restored: {
    subject: '{plan} is active again',
    sentence: 'Your payment has arrived: {plan} is active again until {to}.',
  },
};

const zhCn: Record<Occasion, Wording> = {
  begun: {
    subject: '您的方案 {plan} 已生效',
    sentence: '{plan} 已生效，有效期至 {to}。您的 API 密钥现在即可使用。',
  },
  trial_begun: {
    subject: '{plan} 试用已开始',
    sentence: '您可以试用 {plan} 至 {to}。试用结束后将转为付费方案，除非您取消。',
  },
  trial_ending: {
    subject: '{plan} 试用将于 {to} 结束',
    sentence: '{to} 之后将收取 {amount}。如不需要，请在此之前取消。',
  },
  renewing: {
    subject: '{plan} 将于 {to} 续订',
    sentence: '{plan} 将于 {to} 续订，金额 {amount}。',
  },
  ending: {
    subject: '{plan} 将于 {to} 结束',
    sentence: '{plan} 已取消，将于 {to} 结束。在此之前您可以撤回取消。',
  },
  ended: {
    subject: '{plan} 已结束',
    sentence: '{plan} 已结束，API 密钥不能再使用它提供的内容。您可以随时重新订阅。',
  },
  paused: {
    subject: '{plan} 已暂停',
    sentence: '{plan} 已暂停：恢复之前，API 密钥不能使用它提供的内容。',
  },
  overdue: {
    subject: '{plan} 的付款已逾期',
    sentence: '{plan} 有一张账单尚未支付。请付款以保留方案。',
  },
  suspended: {
    subject: '{plan} 已停用',
    sentence: '{plan} 的账单仍未支付，API 密钥已被拒绝。付款后立即全部恢复。',
  },
  restored: {
    subject: '{plan} 已恢复',
    sentence: '已收到您的付款：{plan} 已恢复，有效期至 {to}。',
  },
};

/** A mail with a link to the subscription's page. */
export function subscriptionMail(
  occasion: Occasion,
  { locale, link, params }: { locale: Locale; link: string; params: Record<string, string> },
): { subject: string; text: string; html: string } {
  return writeMail((locale === 'zh-CN' ? zhCn : en)[occasion], { link, params });
}

/** A sentence with a link, as text and as HTML. */
export function writeMail(
  { subject, sentence }: Wording,
  { link, params }: { link: string; params: Record<string, string> },
): { subject: string; text: string; html: string } {
  const say = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
  const said = say(sentence);
  return {
    subject: say(subject),
    text: `${said}\n\n${link}\n`,
    html: `<p>${escapeHtml(said)}</p><p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Notices in Chinese. */
import type { Words } from './wording.ts';

const seeInvoice = '查看账单';
const openPlan = '查看方案';
const openPackages = '查看套餐';

export const chinese: Words = {
  'payment.succeeded': {
    title: '已收到付款 {amount}',
    text: '您支付的 {amount} 已到账，感谢您的付款。',
    action: seeInvoice,
  },
  'payment.failed': {
    title: '付款 {amount} 未成功',
    text: '您的 {amount} 付款被拒绝，未扣款。请重试，或更换支付方式。',
    action: seeInvoice,
  },
  'refund.succeeded': {
    title: '已退款 {amount}',
    text: '您的一笔付款已退回 {amount}，银行可能需要几天才会显示。',
    action: seeInvoice,
  },
  'invoice.payment_requested': {
    title: '待付 {amount}，期限 {due}',
    text: '一张 {amount} 的账单待付，付款期限为 {due}。',
    action: '支付账单',
  },
  'invoice.overdue': {
    title: '账单已逾期：{amount}',
    text: '一张 {amount} 的账单应于 {due} 前支付，现已逾期，请尽快付款。',
    action: '支付账单',
  },
  'subscription.created': {
    title: '您的方案 {plan} 已生效',
    text: '{plan} 已生效，有效期至 {end}。您的 API 密钥现在即可使用。',
    action: openPlan,
  },
  'subscription.trial_ending': {
    title: '{plan} 试用将于 {end} 结束',
    text: '{end} 之后将收取 {amount}。如不需要，请在此之前取消。',
    action: openPlan,
  },
  'subscription.renewing': {
    title: '{plan} 将于 {end} 续订',
    text: '{plan} 将于 {end} 续订，金额 {amount}。',
    action: openPlan,
  },
  'subscription.renewed': {
    title: '{plan} 已续订',
    text: '{plan} 已续订，金额 {amount}，有效期至 {end}。',
    action: openPlan,
  },
  'subscription.changed': {
    title: '{plan} 已变更',
    text: '您的订阅已变更。本周期至 {end}，下一周期金额 {amount}。',
    action: openPlan,
  },
  'subscription.ending': {
    title: '{plan} 将于 {end} 结束',
    text: '{plan} 已取消，将于 {end} 结束。在此之前您可以撤回取消。',
    action: openPlan,
  },
  'subscription.canceled': {
    title: '{plan} 已取消',
    text: '{plan} 已取消，将于 {end} 结束。在此之前您可以撤回取消。',
    action: openPlan,
  },
  'subscription.ended': {
    title: '{plan} 已结束',
    text: '{plan} 已结束，API 密钥不能再使用它提供的内容。您可以随时重新订阅。',
    action: '查看方案列表',
  },
  'subscription.paused': {
    title: '{plan} 已暂停',
    text: '{plan} 已暂停：恢复之前，API 密钥不能使用它提供的内容。',
    action: openPlan,
  },
  'subscription.overdue': {
    title: '{plan} 的付款已逾期',
    text: '{plan} 有一张账单尚未支付。请付款以保留方案。',
    action: '查看账单列表',
  },
  'subscription.suspended': {
    title: '{plan} 已停用',
    text: '{plan} 的账单仍未支付，API 密钥已被拒绝。付款后立即全部恢复。',
    action: '查看账单列表',
  },
  'subscription.restored': {
    title: '{plan} 已恢复',
    text: '已收到您的付款：{plan} 已恢复，有效期至 {end}。',
    action: openPlan,
  },
  'package.activated': {
    title: '{name} 已生效',
    text: '{name} 已生效，有效期至 {end}。您的 API 密钥现在即可使用。',
    action: '查看今日剩余额度',
  },
  'package.ending': {
    title: '{name} 将于 {end} 到期',
    text: '{name} 将于 {end} 到期。如需继续使用，请提前购买。',
    action: openPackages,
  },
  'wallet.low': {
    title: '余额不足：{balance}',
    text: '钱包余额为 {balance}，低于 {threshold}。请及时充值，以免调用被拒绝。',
    action: '充值',
  },
  'wallet.auto_top_up_off': {
    title: '自动充值已关闭',
    text: '钱包本应自动充值 {amount}，但扣款被拒绝。请更换支付方式后重新开启自动充值。',
    action: '打开账单页',
  },
  'allowance.nearly_used': {
    title: '{name}：额度已使用 80%',
    text: '额度 {allowance} 还剩 {remaining}，{resets} 重置。',
    action: openPackages,
  },
  'allowance.used_up': {
    title: '{name}：额度已用完',
    text: '额度 {allowance} 已用完，{resets} 重置。在此之前，调用将使用赠送额度和钱包余额支付。',
    action: openPackages,
  },
  'quota.exceeded': {
    title: '配额已达上限：{meter}',
    text: '{window}配额 {limit} 已使用 {used}。{consequence}',
    action: '查看配额',
  },
  'usage.anomaly_found': {
    title: '用量远超平常',
    text: '自 {from} 起使用了 {value}，平常同一时段为 {expected}。如非正常使用，请查看是哪个密钥，并将其吊销。',
    action: '查看用量',
  },
  'quote.sent': {
    title: '{plan} 的报价',
    text: '您收到一份 {plan} 的报价，请在有效期内查看并接受。',
    action: '查看报价',
  },
  'api_key.expiring': {
    title: 'API 密钥 {name} 将于 {expires} 到期',
    text: '自 {expires} 起，使用 API 密钥 {name} 的调用将被拒绝。请新建密钥，或延长其有效期。',
    action: '打开密钥页',
  },
  'members.changed': {
    title: '成员有变动',
    text: '{change}',
    action: '查看成员',
  },
  'security.changed': {
    title: '安全设置有变动',
    text: '{change}',
    action: '查看变动',
  },
  'device.new': {
    title: '您的账户有新的登录',
    text: '有人从新的设备或地址登录了您的账户：{place}。如果这不是您本人的操作，请修改密码并结束其他会话。',
    action: '打开账户页',
  },
};

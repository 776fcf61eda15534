export const redeem = {
  redeem: {
    code: '兑换码',
    rule: '请填写兑换码。',
    submit: '兑换',
    done: '已增加 {amount} 额度。',
    doneUntil: '已增加 {amount} 额度，请在 <when></when> 前使用。',
    coupon: '优惠码 {code} 可在订阅时减免 {off}，请在订阅时填写。',
    couponPlans: '优惠码 {code} 订阅 {plans} 时可减免 {off}，请在订阅时填写。',
    toPlans: '查看方案',
  },
};

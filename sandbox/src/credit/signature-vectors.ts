/** Known answers for the provider's signature: fields from its published documents, MD5 computed by two other tools. */
export const submissionVectors = [
  {
    name: 'the published example',
    fields: {
      pid: '001',
      type: 'epay',
      out_trade_no: 'M20250101',
      name: 'Test',
      money: '10',
      sign_type: 'MD5',
    },
    fixedMoney: '10.00',
    key: 'SECRET',
    sign: '1faad568c7abd9c433adb434ce47647c',
  },
  {
    name: 'addresses unescaped, an empty device dropped',
    fields: {
      pid: '1001',
      type: 'epay',
      out_trade_no: 'ORDER_1',
      name: 'Test Product',
      money: '9.90',
      notify_url: 'https://example.com/api/payment/notify?a=1&b=2',
      return_url: 'https://example.com/order/ORDER_1',
      device: '',
      sign_type: 'MD5',
    },
    fixedMoney: '9.90',
    key: 'secret',
    sign: 'a2ce3fb9b8305d9a440bb2994421cd45',
  },
];

export const notifyVector = {
  fields: {
    pid: '001',
    trade_no: '123456789012345678',
    out_trade_no: 'M20250101',
    type: 'epay',
    name: 'Test',
    money: '10.00',
    trade_status: 'TRADE_SUCCESS',
  },
  key: 'SECRET',
  sign: '6e4817fd5b0220dfb1daabd82da05d06',
  /** The same fields signed by somebody who has no key. */
  signWithEmptyKey: 'c39d36b2b7627acd72463cabef7c2ada',
};

/** The provider takes the amount in two spellings; each has its own signature. */
export const twoSpellingsVector = {
  fields: { pid: '001', type: 'epay', out_trade_no: 'M1', name: 'T' },
  money: '10.00',
  key: 'SECRET',
  signs: ['414a1fcc95a3c292046d61922a9d25fe', 'dd966faf4cf7f6cc518a45476220f790'],
};

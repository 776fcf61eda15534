export const console = {
  console: {
    nav: {
      overview: '概览',
      packages: '套餐',
      models: '模型价格',
      channels: '上游渠道',
      settings: '设置',
      users: '用户',
      organizations: '组织',
      payments: '支付',
      calls: '调用',
    },
  },
};

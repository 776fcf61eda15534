/** 模型及其全部价格，供模型页面使用。 */
export const catalogue = {
  catalogue: {
    yours: '以下为贵组织的价格。',
    search: '搜索模型',
    vendor: '厂商',
    anyVendor: '全部厂商',
    vendors: { openai: 'OpenAI', anthropic: 'Anthropic', google: 'Google' },
    also: '其他价格',
    positions: {
      cache_write: '缓存写入',
      cache_write_1h: '缓存写入（1 小时）',
      reasoning: '推理',
      image: '图像输入',
      image_output: '图像输出',
      audio_input: '音频输入',
      audio_output: '音频输出',
      request: '每次调用',
      search: '每次网页搜索',
    },
    serviceTiers: { flex: '弹性', priority: '优先', batch: '批量' },
    input: '输入',
    output: '输出',
    multiplier: '标价 × {multiplier}',
    none: '没有符合条件的模型',
    noneNote: '请换个名称搜索，或查看全部厂商的模型。',
    clear: '显示全部模型',
  },
} as const;

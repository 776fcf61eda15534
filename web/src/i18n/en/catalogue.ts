/** Models with all that they cost, for their page. */
export const catalogue = {
  catalogue: {
    yours: 'These are your organization’s prices.',
    search: 'Search models',
    vendor: 'Vendor',
    anyVendor: 'All vendors',
    vendors: { openai: 'OpenAI', anthropic: 'Anthropic', google: 'Google' },
    also: 'Also',
    positions: {
      cache_write: 'Cache write',
      cache_write_1h: 'Cache write, 1 hour',
      reasoning: 'Reasoning',
      image: 'Image input',
      image_output: 'Image output',
      audio_input: 'Audio input',
      audio_output: 'Audio output',
      request: 'Each call',
      search: 'Each web search',
    },
    serviceTiers: { flex: 'Flex', priority: 'Priority', batch: 'Batch' },
    input: 'input',
    output: 'output',
    multiplier: 'List price × {multiplier}',
    none: 'No model fits',
    noneNote: 'Search for another name, or for models of every vendor.',
    clear: 'Show all models',
  },
} as const;

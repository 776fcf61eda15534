/** What is held for a call has to cover what the upstream's dialect counts. */
import { describe, expect, it } from 'vitest';
import type { CallRequest, Dialect } from '../dialect.ts';
import { conversionBetween, surfaceOf } from './testkit.ts';

const image = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
const body = Buffer.from(
  JSON.stringify({
    contents: [{ role: 'user', parts: [{ inlineData: image }] }],
    generationConfig: { maxOutputTokens: 10 },
  }),
);

function boundAt(to: Dialect): number {
  const request = { isStream: false } as CallRequest;
  const converted = conversionBetween('gemini', to).convertRequest(body, request, 'm');
  return converted.accepted ? converted.extraInputTokens : Number.NaN;
}

describe('convertRequest', () => {
  it('bounds an image as the upstream counts it', () => {
    const own = surfaceOf.gemini.readRequest(body, { model: 'm', headers: {} });
    const ownBound = own.accepted ? own.request.extraInputTokens : Number.NaN;
    expect(boundAt('openai')).toBeGreaterThan(5 * ownBound);
    expect(boundAt('anthropic')).toBeGreaterThan(1000);
  });
});

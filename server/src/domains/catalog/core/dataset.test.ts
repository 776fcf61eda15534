import { describe, expect, test } from 'vitest';
import { versionsOf } from './dataset.ts';

describe('versionsOf', () => {
  test('gives a model under its id and every exact name, in nano-units per million tokens', () => {
    const versions = versionsOf({
      id: 'gpt-4o-mini',
      match: {
        or: [{ equals: 'gpt-4o-mini' }, { equals: 'gpt-4o-mini-2024-07-18' }, { starts_with: 'x' }],
      },
      context_window: 128000,
      prices: {
        input_mtok: 0.15,
        cache_read_mtok: 0.075,
        output_mtok: 0.6,
        web_searches_kcount: 10,
      },
    });
    expect(versions.map(({ model }) => model)).toEqual(['gpt-4o-mini', 'gpt-4o-mini-2024-07-18']);
    expect(versions[0]).toMatchObject({
      prices: {
        input: 150_000_000n,
        cached_input: 75_000_000n,
        output: 600_000_000n,
        search: 10_000_000n,
      },
      tiers: [],
      contextWindow: 128000,
      maxOutputTokens: 16384,
    });
  });

  test('gives tiers of every position their common bounds', () => {
    const [version] = versionsOf({
      id: 'm',
      prices: {
        input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] },
        output_mtok: { base: 15, tiers: [{ start: 200_000, price: 22.5 }] },
        cache_read_mtok: 0.3,
      },
    });
    expect(version?.prices).toEqual({
      input: 3_000_000_000n,
      cached_input: 300_000_000n,
      output: 15_000_000_000n,
    });
    expect(version?.tiers).toEqual([
      {
        aboveInputTokens: 200_000,
        prices: { input: 6_000_000_000n, cached_input: 300_000_000n, output: 22_500_000_000n },
      },
    ]);
  });

  test('reads what is priced by kind: hours of cache, images and sound', () => {
    const [version] = versionsOf({
      id: 'm',
      prices: {
        input_mtok: 1,
        output_mtok: 2,
        cache_write_mtok: 1.25,
        cache_write_1h_mtok: 2,
        input_image_mtok: 8,
        output_image_mtok: 30,
        input_audio_mtok: 32,
        output_audio_mtok: 64,
      },
    });
    expect(version?.prices).toEqual({
      input: 1_000_000_000n,
      output: 2_000_000_000n,
      cache_write: 1_250_000_000n,
      cache_write_1h: 2_000_000_000n,
      image: 8_000_000_000n,
      image_output: 30_000_000_000n,
      audio_input: 32_000_000_000n,
      audio_output: 64_000_000_000n,
    });
  });

  test('makes a version of each date', () => {
    const versions = versionsOf({
      id: 'm',
      prices: [
        { prices: { input_mtok: 2, output_mtok: 8 } },
        {
          constraint: { type: 'start_date', start_date: '2026-02-01' },
          prices: { input_mtok: 1, output_mtok: 4 },
        },
      ],
    });
    expect(versions.map(({ effectiveFrom }) => effectiveFrom.toISOString())).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ]);
  });

  test('leaves out what depends on the hour, and what has no input price', () => {
    const night = { type: 'time_of_date', start_time: '16:30:00Z', end_time: '00:30:00Z' };
    expect(
      versionsOf({ id: 'm', prices: [{ constraint: night, prices: { input_mtok: 1 } }] }),
    ).toEqual([]);
    expect(versionsOf({ id: 'm', prices: { output_mtok: 1 } })).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, settingsSchema } from './config.ts';

const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

/** Name → the value in the example, and whether a comment stands right above it. */
function settingsOf(text: string): Map<string, { value: string; explained: boolean }> {
  const lines = text.split('\n');
  return new Map(
    lines.flatMap((line, index) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      const above = lines[index - 1] ?? '';
      return name === undefined
        ? []
        : [[name, { value: value ?? '', explained: above.startsWith('# ') }]];
    }),
  );
}

describe('.env.example', () => {
  const settings = settingsOf(example);

  test('names every setting and no other', () => {
    expect([...settings.keys()].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  test('explains each in the line above', () => {
    const unexplained = [...settings]
      .filter(([, { explained }]) => !explained)
      .map(([name]) => name);
    expect(unexplained).toEqual([]);
  });

  test('shows the defaults that the code has', () => {
    const shown = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
    expect(readConfig(shown)).toEqual(readConfig({}));
  });
});

describe('readConfig', () => {
  test('names a wrong setting and what it must be', () => {
    expect(() => readConfig({ SLUICE_TIME_ZONE: 'Mars/Olympus' })).toThrow(
      /SLUICE_TIME_ZONE: must be an IANA time zone/,
    );
    expect(() => readConfig({ PORT: 'nine' })).toThrow(/PORT/);
    expect(() => readConfig({ DATABASE_URL: 'mysql://x' })).toThrow(/must start with postgres/);
  });

  test('refuses live mode without the settings it needs', () => {
    expect(() => readConfig({ SLUICE_MODE: 'live' })).toThrow(ConfigError);
    expect(() => readConfig({ SLUICE_MODE: 'live' })).toThrow(
      /SLUICE_SECRET_KEY and SLUICE_PUBLIC_URL/,
    );
  });

  test('takes a whole set of defaults from the preset "cn"', () => {
    const config = readConfig({ SLUICE_PRESET: 'cn' });
    expect(config).toMatchObject({
      currency: 'CNY',
      usageCurrency: 'USD',
      timeZone: 'Asia/Shanghai',
      locale: 'zh-CN',
    });
  });

  test('listens on loopback in sandbox mode only', () => {
    const live = {
      SLUICE_MODE: 'live',
      SLUICE_SECRET_KEY: 'x'.repeat(32),
      SLUICE_PUBLIC_URL: 'https://pay.example.com/',
    };
    expect(readConfig({}).host).toBe('127.0.0.1');
    expect(readConfig(live).host).toBe('0.0.0.0');
    expect(readConfig(live).publicUrl).toBe('https://pay.example.com');
  });
});

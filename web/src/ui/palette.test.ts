import { describe, expect, test } from 'vitest';
import { type ColorScheme, palettes } from './palette.ts';

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const texts = ['text', 'textSoft', 'accentText', 'good', 'warning', 'bad'] as const;
const surfaces = ['page', 'surface', 'raised'] as const;
const pairs = (['light', 'dark'] as const).flatMap((scheme) =>
  texts.flatMap((text) =>
    surfaces.map((surface): [ColorScheme, typeof text, typeof surface] => [scheme, text, surface]),
  ),
);

describe('palettes', () => {
  test.each(pairs)('%s: %s can be read on %s', (scheme, text, surface) => {
    const palette = palettes[scheme];
    expect(contrast(palette[text], palette[surface])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['light', 'dark'] as const)('%s: white can be read on the accent', (scheme) => {
    expect(contrast(palettes[scheme].accent, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['light', 'dark'] as const)('%s: the open page is told from the others', (scheme) => {
    const { accentText, accentSoft } = palettes[scheme];
    expect(contrast(accentText, accentSoft)).toBeGreaterThanOrEqual(4.5);
  });
});

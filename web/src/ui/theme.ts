/**
 * Ant Design's tokens and, for our own elements, the palette as CSS variables. One accent; fonts and radii are
 * decided here, colors in `palette.ts`.
 */
import { type ThemeConfig, theme } from 'antd';
import type { Series } from './bars.ts';
import { type ColorScheme, palettes } from './palette.ts';

const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

export function antThemeOf(scheme: ColorScheme): ThemeConfig {
  const palette = palettes[scheme];
  return {
    algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.accent,
      colorInfoBg: palette.accentSoft,
      colorInfoBorder: palette.border,
      colorLink: palette.accentText,
      colorLinkHover: palette.accentText,
      colorText: palette.text,
      colorTextSecondary: palette.textSoft,
      colorTextTertiary: palette.textSoft,
      colorTextDescription: palette.textSoft,
      colorTextPlaceholder: palette.textSoft,
      colorBgLayout: palette.page,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.raised,
      colorBorder: scheme === 'dark' ? '#46525b' : '#b9c1c8',
      colorBorderSecondary: palette.border,
      colorError: scheme === 'dark' ? '#d9534c' : palette.bad,
      borderRadius: 6,
      fontFamily,
      fontSize: 14,
      controlHeight: 34,
      // Calm, and safe: a quick answer can strand the loading icon halfway out, where screen readers still say it.
      motion: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  };
}

/** Puts the palette on the document, where the style sheets read it. */
export function applyPalette(scheme: ColorScheme): void {
  const root = document.documentElement;
  for (const [name, value] of Object.entries(palettes[scheme])) {
    const variable = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    root.style.setProperty(`--${variable}`, value);
  }
  root.style.setProperty('color-scheme', scheme);
  root.dataset.scheme = scheme;
}

/** The same color for the same thing in every chart. */
export function chartColorOf(series: Series): string {
  return getComputedStyle(document.documentElement).getPropertyValue(chartColors[series]);
}

const chartColors: Record<Series, string> = {
  first: '--accent-text',
  second: '--chart-second',
  third: '--chart-third',
};

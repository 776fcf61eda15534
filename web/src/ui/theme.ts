/**
 * Every color, radius and font of the app: Ant Design's tokens and, for our own elements, the same values as CSS
 * variables. One accent; all pairs of text and surface reach AA (4.5 : 1) in light and in dark.
 */
import { type ThemeConfig, theme } from 'antd';

export type ColorScheme = 'light' | 'dark';

interface Palette {
  accent: string;
  /** Links and marks on a surface: lighter than the accent where the surface is dark. */
  accentText: string;
  accentSoft: string;
  page: string;
  surface: string;
  raised: string;
  border: string;
  text: string;
  textSoft: string;
  good: string;
  warning: string;
  bad: string;
  chartSecond: string;
}

export const palettes: Record<ColorScheme, Palette> = {
  light: {
    accent: '#0b6b8a',
    accentText: '#0b6b8a',
    accentSoft: '#e3f1f6',
    page: '#f6f7f8',
    surface: '#ffffff',
    raised: '#ffffff',
    border: '#dfe3e6',
    text: '#16202a',
    textSoft: '#566370',
    good: '#1a7f45',
    warning: '#96590a',
    bad: '#c0312b',
    chartSecond: '#8a6d1f',
  },
  dark: {
    accent: '#1a7b9b',
    accentText: '#63c0de',
    accentSoft: '#12303b',
    page: '#0e1317',
    surface: '#151b20',
    raised: '#1b2329',
    border: '#2b343b',
    text: '#e4e9ec',
    textSoft: '#9aa7b1',
    good: '#5cc98a',
    warning: '#e0ab57',
    bad: '#f0837c',
    chartSecond: '#d9b75c',
  },
};

const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

export function antThemeOf(scheme: ColorScheme): ThemeConfig {
  const palette = palettes[scheme];
  return {
    algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.accent,
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
export function chartColorOf(series: 'first' | 'second'): string {
  const variable = series === 'first' ? '--accent-text' : '--chart-second';
  return getComputedStyle(document.documentElement).getPropertyValue(variable);
}

/** The colors. All pairs of text and surface reach AA (4.5 : 1), in light and in dark; a test holds them to it. */
export type ColorScheme = 'light' | 'dark';

export interface Palette {
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
  chartThird: string;
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
    chartThird: '#6b4f9e',
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
    chartThird: '#b7a1e0',
  },
};

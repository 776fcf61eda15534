export interface Bar {
  label: string;
  /** Only for drawing: how high the bar is. */
  height: number;
  /** What the tooltip says. */
  text: string;
}

/** Money is drawn as the first, calls as the second, quantities as the third. */
export type Series = 'first' | 'second' | 'third';

export interface BarChartProps {
  /** What the bars count, said to those who cannot see them. */
  label: string;
  bars: Bar[];
  series: Series;
  /** Counts have no halves on their axis. */
  isCount?: boolean;
}

export interface Bar {
  label: string;
  /** Only for drawing: how high the bar is. */
  height: number;
  /** What the tooltip says. */
  text: string;
}

export interface BarChartProps {
  /** What the bars count, said to those who cannot see them. */
  label: string;
  bars: Bar[];
  series: 'first' | 'second';
  /** Counts have no halves on their axis. */
  isCount?: boolean;
}

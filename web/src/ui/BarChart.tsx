import { lazy, Suspense } from 'react';
import { Loading } from './Loading.tsx';

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

const Drawn = lazy(() => import('./BarChartDrawn.tsx').then((m) => ({ default: m.BarChartDrawn })));

/** Bars over days. The drawing library is a chunk of its own, loaded when the first chart is shown. */
export function BarChart(props: BarChartProps) {
  return (
    <Suspense fallback={<Loading rows={7} />}>
      <Drawn {...props} />
    </Suspense>
  );
}

import { lazy, Suspense } from 'react';
import type { BarChartProps } from './bars.ts';
import { Loading } from './Loading.tsx';

const Drawn = lazy(() => import('./BarChartDrawn.tsx').then((m) => ({ default: m.BarChartDrawn })));

/** Bars over days. The drawing library is a chunk of its own, loaded when the first chart is shown. */
export function BarChart(props: BarChartProps) {
  return (
    <Suspense fallback={<Loading rows={7} />}>
      <Drawn {...props} />
    </Suspense>
  );
}

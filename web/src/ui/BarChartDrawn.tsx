import { theme } from 'antd';
import { BarChart as Bars } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { BarChartProps } from './bars.ts';
import { chartColorOf } from './theme.ts';

use([Bars, GridComponent, TooltipComponent, SVGRenderer]);

export function BarChartDrawn({ label, bars, series, isCount = false }: BarChartProps) {
  const { token } = theme.useToken();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  useEffect(() => {
    if (!box.current) return;
    const drawn = init(box.current, null, { renderer: 'svg' });
    chart.current = drawn;
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    const axis = { axisLabel: { color: token.colorTextSecondary }, axisTick: { show: false } };
    chart.current?.setOption({
      animation: false,
      textStyle: { fontFamily: token.fontFamily },
      grid: { left: 4, right: 4, top: 12, bottom: 0, outerBoundsMode: 'same' },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'none' },
        renderMode: 'richText',
        backgroundColor: token.colorBgElevated,
        borderColor: token.colorBorderSecondary,
        textStyle: { color: token.colorText },
        formatter: (points: { dataIndex: number }[]) => {
          const bar = bars[points[0]?.dataIndex ?? 0];
          return bar ? `${bar.label}  ${bar.text}` : '';
        },
      },
      xAxis: {
        ...axis,
        type: 'category',
        data: bars.map((bar) => bar.label),
        axisLine: { lineStyle: { color: token.colorBorderSecondary } },
      },
      yAxis: {
        ...axis,
        type: 'value',
        splitNumber: 3,
        minInterval: isCount ? 1 : 0,
        splitLine: { lineStyle: { color: token.colorBorderSecondary } },
      },
      series: [
        {
          type: 'bar',
          data: bars.map((bar) => bar.height),
          itemStyle: { color: chartColorOf(series), borderRadius: [3, 3, 0, 0] },
          barMaxWidth: 28,
        },
      ],
    });
  }, [bars, series, isCount, token]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

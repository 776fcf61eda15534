import type { ReactNode } from 'react';

interface UsageProps {
  /** What is measured, for the meter's accessible name. */
  label: string;
  /** 0 to 100. */
  percent: number;
  start: ReactNode;
  end: ReactNode;
}

const nearlyUsedPercent = 90;

/** How much of a limit is used: a bar with its figures above. */
export function Usage({ label, percent, start, end }: UsageProps) {
  const tone = percent >= 100 ? 'full' : percent >= nearlyUsedPercent ? 'near' : 'room';
  return (
    <div className="usage">
      <div className="usage-figures">
        <span>{start}</span>
        <span>{end}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers let nobody style the bar of <meter> */}
      <div
        className="usage-bar"
        role="meter"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        data-tone={tone}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

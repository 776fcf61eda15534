import { Button, Popover } from 'antd';
import { useTranslations } from 'use-intl';

export type Figure = keyof IntlFigures;
type IntlFigures = typeof import('../../i18n/en/console-reports.ts').consoleReports.reports.figures;

/** What the figures of a panel mean, behind a question mark. */
export function Definitions({ of }: { of: readonly Figure[] }) {
  const t = useTranslations('console.reports');
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('definitions')}
      content={
        <dl className="definitions">
          {of.map((figure) => (
            <div key={figure}>
              <dt>{t(`figures.${figure}`)}</dt>
              <dd>{t(`meanings.${figure}`)}</dd>
            </div>
          ))}
        </dl>
      }
    >
      <Button size="small" shape="circle" aria-label={t('definitions')}>
        ?
      </Button>
    </Popover>
  );
}

import { useTranslations } from 'use-intl';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useMeterName } from '../quotas/meter-name.ts';

/** What a call moved of its application's meters, in their own units. */
export function MetersPanel({ meters }: { meters: Readonly<Record<string, string>> }) {
  const t = useTranslations('receipt');
  const meterName = useMeterName();
  return (
    <Panel title={t('meters')}>
      <Facts
        items={Object.entries(meters).map(([meter, quantity]) => ({
          label: meterName(meter),
          value: <span className="figure">{quantity}</span>,
        }))}
      />
    </Panel>
  );
}

import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** What an organization has called this month. */
export function MonthPanel({ usage }: { usage: Answer<'getBillingSummary'>['usage'] }) {
  const t = useTranslations('usage');
  const format = useFormatter();
  return (
    <Panel title={t('month')}>
      <Facts
        as="figures"
        items={[
          { label: t('calls'), value: format.number(usage.calls) },
          { label: t('spend'), value: <Amount value={usage.amount} currency={usage.currency} /> },
          { label: t('tokens'), value: format.number(usage.input_tokens + usage.output_tokens) },
        ]}
      />
    </Panel>
  );
}

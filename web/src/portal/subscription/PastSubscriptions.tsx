import { useTranslations } from 'use-intl';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Pages } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { cyclePriceOf } from '../subscribe/preview.ts';

/** What one had before. */
export function PastSubscriptions({ list }: { list: Pages<Subscription> }) {
  const t = useTranslations('subscription');
  const { per } = useCycleText();
  const columns: Column<Subscription>[] = [
    { title: t('plan'), cell: ({ plan }) => plan.name },
    { title: t('since'), cell: ({ started_at }) => <When at={started_at} show="day" /> },
    {
      title: t('ended'),
      cell: ({ ended_at }) => (ended_at ? <When at={ended_at} show="day" /> : '–'),
    },
    {
      title: t('price'),
      align: 'end',
      cell: (past) => (
        <>
          <Amount value={cyclePriceOf(past)} currency={past.currency} isExact />{' '}
          {per(past.billing_cycle)}
        </>
      ),
    },
  ];
  return (
    <Panel title={t('past')}>
      <DataTable
        label={t('past')}
        list={list}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={null}
      />
    </Panel>
  );
}

/** What was done about what is overdue, and what is next. */
import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Dunning } from './subscription.ts';

type Step = Dunning['steps'][number] & { number: number };

export function DunningPanel({ dunning }: { dunning: Dunning }) {
  const t = useTranslations('console.dunning');
  const tUi = useTranslations('ui');
  const tActions = useTranslations('console.dunning.actions');
  const steps = dunning.steps.map((step, index) => ({ ...step, number: index + 1 }));
  const columns: Column<Step>[] = [
    { title: t('step'), cell: ({ action }) => tActions(action) },
    { title: tUi('time'), cell: ({ at }) => <When at={at} /> },
    {
      title: tUi('status'),
      cell: ({ taken }) => (
        <Status tone={taken ? 'warning' : 'quiet'}>{t(taken ? 'taken' : 'planned')}</Status>
      ),
    },
  ];
  return (
    <Panel
      title={t('title')}
      note={t.rich(dunning.suspended ? 'suspended' : 'served', {
        when: () => <When at={dunning.overdue_since} />,
      })}
    >
      <DataTable
        label={t('title')}
        list={settledList(steps)}
        columns={columns}
        rowKey={({ number }) => String(number)}
        renderError={() => null}
        empty={<p className="soft">{t('none')}</p>}
      />
    </Panel>
  );
}

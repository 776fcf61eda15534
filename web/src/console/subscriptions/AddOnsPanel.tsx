/** What the customer has on top of the plan. */
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import type { Subscription } from './subscription.ts';
import { TermsPrice } from './TermsPrice.tsx';

type AddOn = Subscription['add_ons'][number];

export function AddOnsPanel({ addOns }: { addOns: AddOn[] }) {
  const t = useTranslations('console.subscriptions');
  const columns: Column<AddOn>[] = [
    {
      title: t('addOn'),
      cell: ({ plan }) => (
        <span className="twofold">
          <Link to={paths.consolePlan} params={{ id: plan.id }}>
            {plan.name}
          </Link>
          <small>{t('version', { version: plan.version })}</small>
        </span>
      ),
    },
    { title: t('quantity'), align: 'end', cell: ({ quantity }) => quantity },
    { title: t('each'), cell: (addOn) => <TermsPrice terms={{ ...addOn, quantity: 1 }} /> },
    {
      title: t('nextPeriod'),
      align: 'end',
      cell: (addOn) => addOn.next_quantity ?? addOn.quantity,
    },
  ];
  return (
    <Panel title={t('addOns')}>
      <DataTable
        label={t('addOns')}
        list={settledList(addOns)}
        columns={columns}
        rowKey={({ plan }) => plan.id}
        renderError={() => null}
        empty={null}
      />
    </Panel>
  );
}

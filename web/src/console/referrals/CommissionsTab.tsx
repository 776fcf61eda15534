import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ReferralState } from '../../features/referrals/ReferralState.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

const route = getRouteApi('/console/admin/referrals');

type Commission = Answer<'searchCommissions'>['data'][number];

/** What resellers earned, payment by payment. */
export function CommissionsTab() {
  const t = useTranslations('console.referrals');
  const { organization } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (id: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, organization: id ?? '' }), replace: true });
  const commissions = usePages('searchCommissions', {
    query: organization ? { organization } : {},
  });
  return (
    <Panel>
      <div className="actions">
        <OrganizationFilter value={organization} onChange={choose} />
      </div>
      <DataTable
        label={t('commissions')}
        list={commissions}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          organization ? (
            <NoMatch onClear={() => choose(undefined)} />
          ) : (
            <EmptyState title={t('noCommissions')}>{t('noCommissionsNote')}</EmptyState>
          )
        }
      />
    </Panel>
  );
}

function useColumns(): Column<Commission>[] {
  const t = useTranslations('console.referrals');
  const tResale = useTranslations('growth.resale');
  return [
    { title: tResale('at'), cell: ({ paid_at: at }) => <When at={at} /> },
    { title: t('reseller'), cell: ({ reseller }) => <OrganizationLink id={reseller} /> },
    { title: t('customer'), cell: ({ customer }) => <OrganizationLink id={customer} /> },
    {
      title: tResale('paid'),
      align: 'end',
      cell: ({ paid, currency }) => <Amount value={paid} currency={currency} />,
    },
    { title: t('state'), cell: (commission) => <ReferralState referral={commission} /> },
    {
      title: tResale('commission'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
  ];
}

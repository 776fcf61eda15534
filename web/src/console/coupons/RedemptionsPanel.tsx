import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import type { Coupon } from './coupon-form.ts';

type Redemption = Answer<'listCouponRedemptions'>['data'][number];

export function RedemptionsPanel({ coupon }: { coupon: Coupon }) {
  const t = useTranslations('console.coupons');
  const redemptions = usePages('listCouponRedemptions', { params: { id: coupon.id } });
  const columns: Column<Redemption>[] = [
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    { title: t('redeemedAt'), cell: ({ redeemed_at }) => <When at={redeemed_at} /> },
    {
      title: t('subscription'),
      cell: ({ reference: id }) => (
        <Link to={paths.consoleSubscription} params={{ id }}>
          <code>{id}</code>
        </Link>
      ),
    },
  ];
  return (
    <Panel title={t('redemptions')} note={t('redemptionsNote')}>
      <DataTable
        label={t('redemptions')}
        list={redemptions}
        columns={columns}
        rowKey={({ reference }) => reference}
        renderError={renderFailure}
        empty={<EmptyState title={t('noRedemptions')}>{t('noRedemptionsNote')}</EmptyState>}
      />
    </Panel>
  );
}

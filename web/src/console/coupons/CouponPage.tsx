/** One coupon: what it gives to whom, and who redeemed it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { EditCoupon } from './CouponDrawer.tsx';
import { CouponStatus, useDurationText, useOffText } from './CouponText.tsx';
import type { Coupon } from './coupon-form.ts';
import { RedemptionsPanel } from './RedemptionsPanel.tsx';

const route = getRouteApi('/console/admin/coupons/$id');

export function CouponPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.coupons');
  const coupon = useQuery(reading('getCoupon', { params: { id } }));
  return (
    <div className="page">
      <PageHeader
        title={coupon.data ? t('named', { code: coupon.data.code }) : t('one')}
        note={<Link to={paths.consoleCoupons}>{t('all')}</Link>}
        actions={coupon.data && <Actions coupon={coupon.data} />}
      />
      {coupon.error && !coupon.data && (
        <Failure error={coupon.error} onRetry={() => void coupon.refetch()} />
      )}
      {coupon.isPending && <Loading rows={10} />}
      {coupon.data && (
        <>
          <Panel>
            <CouponFacts coupon={coupon.data} />
          </Panel>
          <RedemptionsPanel coupon={coupon.data} />
        </>
      )}
    </div>
  );
}

function Actions({ coupon }: { coupon: Coupon }) {
  const t = useTranslations('console.coupons');
  const confirm = useConfirm();
  const [isEditing, setEditing] = useState(false);
  const update = useChange('updateCoupon', { refreshes: ['searchCoupons', 'getCoupon'] });
  const { id, code } = coupon;
  const isActive = coupon.status === 'active';
  const ask = () =>
    confirm({
      title: t(isActive ? 'endTitle' : 'restoreTitle', { code }),
      content: t(isActive ? 'endNote' : 'restoreNote'),
      okText: t(isActive ? 'end' : 'restore'),
      isDanger: isActive,
      act: () =>
        update.mutateAsync({
          params: { id },
          body: { status: isActive ? 'archived' : 'active' },
        }),
    });
  return (
    <>
      <AllowedButton operation="updateCoupon" onClick={() => setEditing(true)}>
        {t('edit')}
      </AllowedButton>
      <AllowedButton operation="updateCoupon" danger={isActive} onClick={ask}>
        {t(isActive ? 'end' : 'restore')}
      </AllowedButton>
      {isEditing && <EditCoupon coupon={coupon} onClose={() => setEditing(false)} />}
    </>
  );
}

function CouponFacts({ coupon }: { coupon: Coupon }) {
  const t = useTranslations('console.coupons');
  const tUi = useTranslations('ui');
  const off = useOffText();
  const duration = useDurationText();
  const { id, code, name, plans, expires_at: until, redemptions: count } = coupon;
  const limit = (max: number | null) =>
    max === null ? t('unlimited') : t('count', { count: max });
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <CouponStatus coupon={coupon} /> },
        { label: t('code'), value: <Id value={code} /> },
        ...(name === code ? [] : [{ label: t('name'), value: name }]),
        { label: t('off'), value: off(coupon) },
        { label: t('duration'), value: duration(coupon) },
        { label: t('plans'), value: plans === null ? t('everyPlan') : plans.join(', ') },
        { label: t('redeemed'), value: t('count', { count }) },
        { label: t('max'), value: limit(coupon.redemptions_max) },
        { label: t('maxEach'), value: limit(coupon.redemptions_per_organization_max) },
        { label: t('until'), value: until === null ? '–' : <When at={until} /> },
        { label: t('created'), value: <When at={coupon.created_at} show="day" /> },
        { label: 'ID', value: <Id value={id} /> },
      ]}
    />
  );
}

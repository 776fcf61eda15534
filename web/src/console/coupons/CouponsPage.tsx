import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { NewCoupon } from './CouponDrawer.tsx';
import { CouponStatus, useDurationText, useOffText } from './CouponText.tsx';
import type { Coupon } from './coupon-form.ts';

const route = getRouteApi('/console/admin/coupons');
const statuses = ['active', 'archived'] as const;
/** What `edit` says in the address while a coupon is being made. */
const isNew = 'new';

export function CouponsPage() {
  const t = useTranslations('console.coupons');
  const tUi = useTranslations('ui');
  const { status, edit } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const coupons = usePages('searchCoupons', { query: chosen ? { status: chosen } : {} });
  const create = (
    <AllowedButton operation="createCoupon" type="primary" onClick={() => set({ edit: isNew })}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <div className="actions">
          <ChoiceFilter
            label={tUi('status')}
            any={t('anyStatus')}
            value={chosen}
            options={statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
            onChange={(value) => set({ status: value })}
          />
        </div>
        <DataTable
          label={t('title')}
          list={coupons}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen ? (
              <NoMatch onClear={() => set({ status: '' })} />
            ) : (
              <EmptyState title={t('none')} action={create}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {edit === isNew && <NewCoupon onClose={() => set({ edit: '' })} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'status' | 'edit', string>>) =>
    void navigate({ to: paths.consoleCoupons, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Coupon>[] {
  const t = useTranslations('console.coupons');
  const tUi = useTranslations('ui');
  const off = useOffText();
  const duration = useDurationText();
  return [
    { title: t('code'), cell: (coupon) => <CodeAndName coupon={coupon} /> },
    { title: t('off'), cell: off },
    { title: t('duration'), cell: duration },
    { title: t('redeemed'), align: 'end', cell: (coupon) => <Redeemed coupon={coupon} /> },
    {
      title: t('until'),
      cell: ({ expires_at: until }) => (until === null ? '–' : <When at={until} />),
    },
    { title: tUi('status'), cell: (coupon) => <CouponStatus coupon={coupon} /> },
  ];
}

function CodeAndName({ coupon: { id, code, name } }: { coupon: Coupon }) {
  return (
    <span className="twofold">
      <Link to={paths.consoleCoupon} params={{ id }}>
        {code}
      </Link>
      {name !== code && <small>{name}</small>}
    </span>
  );
}

function Redeemed({ coupon: { redemptions: count, redemptions_max: max } }: { coupon: Coupon }) {
  const t = useTranslations('console.coupons');
  return (
    <span className="figure">
      {max === null ? t('count', { count }) : t('countOf', { count, max })}
    </span>
  );
}

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import { EditButton } from '../forms/EditButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { OwnedQuery } from '../meters/MeterTable.tsx';
import { useQuotaText } from '../quotas/quota-text.ts';
import { PriceList } from './PriceList.tsx';
import type { Plan } from './plan-form.ts';
import { RatesText } from './RatesText.tsx';

interface PlanTableProps {
  query: OwnedQuery;
  onEdit: (id: string) => void;
  empty: ReactNode;
}

/** Plans of the deployment and of every application, or of one. */
export function PlanTable({ query, onEdit, empty }: PlanTableProps) {
  const t = useTranslations('console.plans');
  return (
    <DataTable
      label={t('title')}
      list={usePages('searchPlans', { query })}
      columns={useColumns(onEdit)}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={empty}
    />
  );
}

function useColumns(onEdit: (id: string) => void): Column<Plan>[] {
  const t = useTranslations('console.plans');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('plan'),
      cell: ({ id, name, slug, description }) => (
        <span className="twofold">
          <Link to={paths.consolePlan} params={{ id }}>
            {name}
          </Link>
          <small>
            <code>{slug}</code>
          </small>
          {description && <small>{description}</small>}
        </span>
      ),
    },
    { title: t('costs'), cell: ({ prices }) => <PriceList prices={prices} /> },
    { title: t('gives'), cell: (plan) => <Gives plan={plan} /> },
    { title: t('rates'), cell: ({ rate_limits }) => <RatesText rates={rate_limits} /> },
    { title: t('version'), align: 'end', cell: ({ version }) => version },
    {
      title: tUi('status'),
      cell: ({ status }) => (
        <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
      ),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (plan) => <RowActions plan={plan} onEdit={onEdit} />,
    },
  ];
}

const quotasShownMax = 4;

function Gives({ plan: { quotas } }: { plan: Plan }) {
  const t = useTranslations('console.plans');
  const text = useQuotaText();
  if (quotas.length === 0) return t('givesNothing');
  const more = quotas.length - quotasShownMax;
  return (
    <span className="twofold">
      {quotas.slice(0, quotasShownMax).map((quota) => (
        <small key={`${quota.meter} ${quota.window} ${quota.anchor}`}>{text(quota)}</small>
      ))}
      {more > 0 && <small>{t('more', { count: more })}</small>}
    </span>
  );
}

function RowActions({ plan, onEdit }: { plan: Plan; onEdit: (id: string) => void }) {
  const t = useTranslations('console.plans');
  const confirm = useConfirm();
  const refreshes = ['searchPlans', 'getPlan', 'listPlans'] as const;
  const archive = useChange('deletePlan', { refreshes });
  const restore = useChange('updatePlan', { refreshes });
  const { id, name } = plan;
  const isOnOffer = plan.status === 'active';
  const ask = () =>
    confirm({
      title: t(isOnOffer ? 'archiveTitle' : 'restoreTitle', { name }),
      content: t(isOnOffer ? 'archiveNote' : 'restoreNote'),
      okText: t(isOnOffer ? 'archive' : 'restore'),
      isDanger: isOnOffer,
      act: () =>
        isOnOffer
          ? archive.mutateAsync({ params: { id } })
          : restore.mutateAsync({ params: { id }, body: { status: 'active' } }),
    });
  return (
    <span className="actions row-buttons">
      <EditButton operation="updatePlan" name={name} onClick={() => onEdit(id)} />
      <AllowedButton
        operation={isOnOffer ? 'deletePlan' : 'updatePlan'}
        size="small"
        danger={isOnOffer}
        aria-label={t(isOnOffer ? 'archiveNamed' : 'restoreNamed', { name })}
        onClick={ask}
      >
        {t(isOnOffer ? 'archive' : 'restore')}
      </AllowedButton>
    </span>
  );
}

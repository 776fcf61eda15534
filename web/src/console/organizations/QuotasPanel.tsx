import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useQuantityText } from '../../features/quotas/Quantity.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { useQuotaName } from '../quotas/quota-text.ts';
import type { Customer } from './customer.ts';
import { SetOverride } from './SetOverride.tsx';
import type { OfOrganization } from './terms.ts';

export type OrganizationQuota = Answer<'listOrganizationQuotas'>['data'][number];
type Members = Customer['members'];

/** Every quota of the customer, and where it comes from. */
export function QuotasPanel({ organization, members }: OfOrganization & { members: Members }) {
  const t = useTranslations('console.organizationQuotas');
  // `new` for any quota, else the one that is overridden.
  const [overridden, setOverridden] = useState<OrganizationQuota | 'new'>();
  const quotas = usePages('listOrganizationQuotas', { params: { id: organization.id } });
  const set = (
    <AllowedButton operation="setQuotaOverride" onClick={() => setOverridden('new')}>
      {t('override')}
    </AllowedButton>
  );
  return (
    <Panel title={t('title')} actions={quotas.rows?.length !== 0 && set}>
      <DataTable
        label={t('title')}
        list={quotas}
        columns={useColumns({ organization, members, onOverride: setOverridden })}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('none')} action={set}>
            {t('noneNote')}
          </EmptyState>
        }
      />
      {overridden && (
        <SetOverride
          organization={organization}
          members={members}
          quota={overridden === 'new' ? undefined : overridden}
          onClose={() => setOverridden(undefined)}
        />
      )}
    </Panel>
  );
}

interface ColumnsOf extends OfOrganization {
  members: Members;
  onOverride: (quota: OrganizationQuota) => void;
}

function useColumns({ organization, members, onOverride }: ColumnsOf): Column<OrganizationQuota>[] {
  const t = useTranslations('console.organizationQuotas');
  const tUi = useTranslations('ui');
  const quotaName = useQuotaName();
  return [
    { title: t('quota'), cell: (quota) => quotaName(quota) },
    {
      title: t('subject'),
      cell: ({ subject }) => <Subject subject={subject} members={members} />,
    },
    { title: t('limit'), cell: (quota) => <EffectiveLimit quota={quota} /> },
    { title: t('sources'), cell: (quota) => <Sources quota={quota} /> },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (quota) => (
        <RowActions organization={organization} quota={quota} onOverride={onOverride} />
      ),
    },
  ];
}

interface SubjectProps {
  subject: OrganizationQuota['subject'];
  members: Members;
}

function Subject({ subject: { kind, id }, members }: SubjectProps) {
  const t = useTranslations('console.organizationQuotas');
  if (kind === 'organization') return t('everybody');
  const member = members.find((one) => one.id === id);
  return (
    <span className="twofold">
      {member ? (member.name ?? member.email) : <code>{id}</code>}
      <small>{t(kind === 'member' ? 'member' : 'key')}</small>
    </span>
  );
}

function EffectiveLimit({ quota: { in_force, limit, unit, hard } }: { quota: OrganizationQuota }) {
  const t = useTranslations('console.organizationQuotas');
  const text = useQuantityText();
  if (!in_force) return <span className="soft">{t('notInForce')}</span>;
  if (limit === null) return t('unlimited');
  return (
    <span className="twofold">
      <span className="figure">{text(limit, unit)}</span>
      <small>{t(hard ? 'refuses' : 'records')}</small>
    </span>
  );
}

function Sources({ quota: { sources, unit } }: { quota: OrganizationQuota }) {
  const t = useTranslations('console.organizationQuotas');
  const text = useQuantityText();
  return (
    <span className="twofold">
      {sources.map(({ source, id, limit, ends_at }) => (
        <small key={`${source} ${id}`}>
          {t('sourceLimit', {
            source: t(`source.${source}`),
            limit: limit === null ? t('unlimited') : text(limit, unit),
          })}
          {ends_at !== null && (
            <>
              {' · '}
              {t('until')} <When at={ends_at} />
            </>
          )}
        </small>
      ))}
    </span>
  );
}

interface RowActionsProps extends OfOrganization {
  quota: OrganizationQuota;
  onOverride: (quota: OrganizationQuota) => void;
}

function RowActions({ organization, quota, onOverride }: RowActionsProps) {
  const t = useTranslations('console.organizationQuotas');
  const confirm = useConfirm();
  const name = useQuotaName()(quota);
  const remove = useChange('removeQuotaOverride', { refreshes: ['listOrganizationQuotas'] });
  const askRemove = () =>
    confirm({
      title: t('removeTitle', { quota: name }),
      content: t('removeNote', { organization: organization.name }),
      okText: t('remove'),
      isDanger: true,
      act: () =>
        remove.mutateAsync({ params: { id: organization.id }, query: { quota: quota.id } }),
    });
  return (
    <span className="actions row-buttons">
      <AllowedButton
        operation="setQuotaOverride"
        size="small"
        aria-label={t('overrideNamed', { quota: name })}
        onClick={() => onOverride(quota)}
      >
        {t('overrideThis')}
      </AllowedButton>
      {quota.sources.some(({ source }) => source === 'override') && (
        <AllowedButton
          operation="removeQuotaOverride"
          size="small"
          danger
          aria-label={t('removeNamed', { quota: name })}
          onClick={askRemove}
        >
          {t('remove')}
        </AllowedButton>
      )}
    </span>
  );
}

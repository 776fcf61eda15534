import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ApplicationFilter } from '../applications/ApplicationFilter.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { EditPlan, NewPlan } from './PlanDrawer.tsx';
import { PlanTable } from './PlanTable.tsx';

const route = getRouteApi('/console/admin/plans');
const statuses = ['active', 'archived'] as const;
/** What `edit` says in the address while a plan is being made. */
const isNew = 'new';

export function PlansPage() {
  const t = useTranslations('console.plans');
  const { application, status, edit } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const close = () => set({ edit: '' });
  const create = (
    <AllowedButton operation="createPlan" type="primary" onClick={() => set({ edit: isNew })}>
      {t('create')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={create} />
      <Panel>
        <div className="actions">
          <ApplicationFilter value={application} onChange={(slug) => set({ application: slug })} />
          <ChoiceFilter
            label={t('anyStatus')}
            any={t('anyStatus')}
            value={chosen}
            options={statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
            onChange={(value) => set({ status: value })}
          />
        </div>
        <PlanTable
          query={{ ...(application && { application }), ...(chosen && { status: chosen }) }}
          onEdit={(id) => set({ edit: id })}
          empty={
            application || chosen ? (
              <NoMatch onClear={() => set({ application: '', status: '' })} />
            ) : (
              <EmptyState title={t('none')} action={create}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {edit === isNew && <NewPlan application={application} onClose={close} />}
      {edit && edit !== isNew && <EditPlan key={edit} id={edit} onClose={close} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'application' | 'status' | 'edit', string>>) =>
    void navigate({ to: paths.consolePlans, search: { ...search, ...change }, replace: true });
}

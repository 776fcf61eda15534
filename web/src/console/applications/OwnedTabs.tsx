/** The application's meters, features and plans: the lists of the whole deployment, narrowed to one owner. */
import type { Operation } from '@sluice/contract';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { EditFeature, NewFeature } from '../meters/FeatureDrawer.tsx';
import { FeatureTable } from '../meters/FeatureTable.tsx';
import { EditMeter, NewMeter } from '../meters/MeterDrawer.tsx';
import { MeterTable } from '../meters/MeterTable.tsx';
import { EditPlan, NewPlan } from '../plans/PlanDrawer.tsx';
import { PlanTable } from '../plans/PlanTable.tsx';
import type { Application } from './ApplicationDrawer.tsx';

/** What `edit` says in the address while one is being made; ids begin with what they are of. */
const isNew = 'new';

export interface OwnedTabProps {
  application: Application;
  edit: string | undefined;
  onEdit: (edit: string) => void;
}

export function MetersTab({ application: { slug }, edit, onEdit }: OwnedTabProps) {
  const t = useTranslations('console.meters');
  const close = () => onEdit('');
  const create = <Create operation="createMeter" label={t('create')} onEdit={onEdit} />;
  return (
    <List create={create}>
      <MeterTable
        query={{ application: slug }}
        onEdit={onEdit}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {edit === isNew && <NewMeter application={slug} onClose={close} />}
      {edit?.startsWith('mtr_') && <EditMeter key={edit} id={edit} onClose={close} />}
    </List>
  );
}

export function FeaturesTab({ application: { slug }, edit, onEdit }: OwnedTabProps) {
  const t = useTranslations('console.features');
  const close = () => onEdit('');
  const create = <Create operation="createFeature" label={t('create')} onEdit={onEdit} />;
  return (
    <List create={create}>
      <FeatureTable
        query={{ application: slug }}
        onEdit={onEdit}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {edit === isNew && <NewFeature application={slug} onClose={close} />}
      {edit?.startsWith('ftr_') && <EditFeature key={edit} id={edit} onClose={close} />}
    </List>
  );
}

export function PlansTab({ application: { slug }, edit, onEdit }: OwnedTabProps) {
  const t = useTranslations('console.plans');
  const close = () => onEdit('');
  const create = <Create operation="createPlan" label={t('create')} onEdit={onEdit} />;
  return (
    <List create={create}>
      <PlanTable
        query={{ application: slug }}
        onEdit={onEdit}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {edit === isNew && <NewPlan application={slug} onClose={close} />}
      {edit?.startsWith('pln_') && <EditPlan key={edit} id={edit} onClose={close} />}
    </List>
  );
}

function List({ create, children }: { create: ReactNode; children: ReactNode }) {
  return (
    <div className="stack">
      <div className="actions">{create}</div>
      {children}
    </div>
  );
}

interface CreateProps {
  operation: Operation;
  label: string;
  onEdit: (edit: string) => void;
}

function Create({ operation, label, onEdit }: CreateProps) {
  return (
    <AllowedButton operation={operation} onClick={() => onEdit(isNew)}>
      {label}
    </AllowedButton>
  );
}

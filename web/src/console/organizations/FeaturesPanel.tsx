import { useQuery } from '@tanstack/react-query';
import { Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { FeaturesField, type FeatureValues } from '../plans/FeaturesField.tsx';
import { FeatureText } from '../plans/FeatureText.tsx';
import type { OfOrganization } from './terms.ts';

type OwnFeature = Answer<'getOrganizationFeatures'>['data'][number];

/** The customer's features: those of its plan, and those that stand whatever the plan says. */
export function FeaturesPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.organizationFeatures');
  const [isEditing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(
    reading('getOrganizationFeatures', { params: { id: organization.id } }),
  );
  const columns = useColumns();
  const edit = (
    <AllowedButton operation="setOrganizationFeatures" onClick={() => setEditing(true)}>
      {t('edit')}
    </AllowedButton>
  );
  return (
    <Panel title={t('title')} actions={data && data.data.length > 0 && edit}>
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={3} />}
      {data && (
        <DataTable
          label={t('title')}
          list={settledList(data.data)}
          columns={columns}
          rowKey={({ feature }) => feature}
          renderError={() => null}
          empty={
            <EmptyState title={t('none')} action={edit}>
              {t('noneNote')}
            </EmptyState>
          }
        />
      )}
      {isEditing && data && (
        <SetFeatures
          organization={organization}
          features={data.data}
          onClose={() => setEditing(false)}
        />
      )}
    </Panel>
  );
}

function useColumns(): Column<OwnFeature>[] {
  const t = useTranslations('console.organizationFeatures');
  return [
    { title: t('feature'), cell: ({ feature }) => <code>{feature}</code> },
    { title: t('value'), cell: ({ value }) => <FeatureText value={value} /> },
    { title: t('source'), cell: ({ source }) => t(`sources.${source}`) },
  ];
}

interface SetFeaturesProps extends OfOrganization {
  features: OwnFeature[];
  onClose: () => void;
}

function SetFeatures({ organization, features, onClose }: SetFeaturesProps) {
  const t = useTranslations('console.organizationFeatures');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ features: FeatureValues }>();
  const set = useChange('setOrganizationFeatures', {
    refreshes: ['getOrganizationFeatures'],
    onDone: onClose,
  });
  const own = features.filter(({ source }) => source === 'override');
  return (
    <FormDrawer
      title={t('editTitle', { organization: organization.name })}
      operation="setOrganizationFeatures"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{
        features: Object.fromEntries(own.map(({ feature, value }) => [feature, value])),
      }}
      error={set.error}
      isPending={set.isPending}
      onSubmit={(body) => set.mutate({ params: { id: organization.id }, body })}
      onClose={onClose}
    >
      <p className="soft form-note">{t('editNote')}</p>
      <Form.Item name="features">
        <FeaturesField />
      </Form.Item>
    </FormDrawer>
  );
}

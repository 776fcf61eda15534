import { useQuery } from '@tanstack/react-query';
import { Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { ApplicationSelect } from '../applications/ApplicationFilter.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { keyPattern } from '../forms/rules.ts';
import type { Feature } from './FeatureTable.tsx';

const refreshes = ['listFeatures', 'getFeature'] as const;
const kinds = ['boolean', 'number', 'text'] as const;

interface FeatureForm {
  application: string | null;
  key: string;
  name: string;
  kind: Feature['kind'];
}

interface NewFeatureProps {
  /** Slug of the application whose it will be, as a proposal. */
  application: string | undefined;
  onClose: () => void;
}

export function NewFeature({ application, onClose }: NewFeatureProps) {
  const t = useTranslations('console.features');
  const tMeters = useTranslations('console.meters');
  const [form] = Form.useForm<FeatureForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createFeature', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createFeature"
      submitLabel={t('create')}
      form={form}
      initialValues={{ application: application ?? null, kind: 'boolean' }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(body) => create.mutate({ body, idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <Form.Item name="application" label={tMeters('application')}>
        <ApplicationSelect />
      </Form.Item>
      <Form.Item
        name="key"
        label={tMeters('key')}
        extra={tMeters('keyNote')}
        rules={[{ required: true, pattern: keyPattern, message: tMeters('keyRule') }]}
      >
        <Input maxLength={40} placeholder="seats" autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={t('kind')} extra={t('kindNote')}>
        <Select options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
      </Form.Item>
      <NameField />
    </FormDrawer>
  );
}

export function EditFeature({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.features');
  const feature = useQuery(reading('getFeature', { params: { id } }));
  if (feature.data) return <EditForm feature={feature.data} onClose={onClose} />;
  return (
    <Drawer open size={560} title={t('editTitle')} onClose={onClose}>
      {feature.error ? <Failure error={feature.error} /> : <Loading rows={4} />}
    </Drawer>
  );
}

function EditForm({ feature, onClose }: { feature: Feature; onClose: () => void }) {
  const t = useTranslations('console.features');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<Pick<FeatureForm, 'name'>>();
  const update = useChange('updateFeature', { refreshes, onDone: onClose });
  const { id, name, reference, kind } = feature;
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateFeature"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ name }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(body) => update.mutate({ params: { id }, body })}
      onClose={onClose}
    >
      <NameField />
      <Facts
        items={[
          { label: t('feature'), value: <code>{reference}</code> },
          { label: t('kind'), value: t(`kinds.${kind}`) },
        ]}
      />
    </FormDrawer>
  );
}

function NameField() {
  const t = useTranslations('console.meters');
  return (
    <Form.Item
      name="name"
      label={t('name')}
      rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
    >
      <Input maxLength={100} />
    </Form.Item>
  );
}

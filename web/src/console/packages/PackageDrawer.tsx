import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import type { Package } from '../../features/catalog/PackageCard.tsx';
import { deploymentQuery } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { quotaFormOf } from '../quotas/quota-form.ts';
import { PackageFields, type PackageForm, toBody } from './PackageFields.tsx';

const refreshes = ['searchPackages', 'getPackage', 'listPackages'] as const;

export function NewPackage({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.packages');
  const deployment = useQuery(deploymentQuery);
  if (deployment.data) return <NewForm currency={deployment.data.currency} onClose={onClose} />;
  return (
    <Drawer open size={560} title={t('createTitle')} onClose={onClose}>
      {deployment.error ? <Failure error={deployment.error} /> : <Loading rows={8} />}
    </Drawer>
  );
}

function NewForm({ currency, onClose }: { currency: string; onClose: () => void }) {
  const t = useTranslations('console.packages');
  const [form] = Form.useForm<PackageForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createPackage', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createPackage"
      submitLabel={t('create')}
      form={form}
      initialValues={{ currency, duration_days: 30, quotas: [], sort_order: 0 }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toBody(fields), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <PackageFields />
    </FormDrawer>
  );
}

export function EditPackage({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.packages');
  const item = useQuery(reading('getPackage', { params: { id } }));
  if (item.data) return <EditForm item={item.data} onClose={onClose} />;
  return (
    <Drawer open size={560} title={t('editTitle')} onClose={onClose}>
      {item.error ? <Failure error={item.error} /> : <Loading rows={8} />}
    </Drawer>
  );
}

function EditForm({ item, onClose }: { item: Package; onClose: () => void }) {
  const t = useTranslations('console.packages');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<PackageForm>();
  const update = useChange('updatePackage', { refreshes, onDone: onClose });
  const { id, description, quotas, usage_currency, status: _, created_at: __, ...fields } = item;
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updatePackage"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ ...fields, description: description ?? '', quotas: quotas.map(quotaFormOf) }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(written) => update.mutate({ params: { id }, body: toBody(written) })}
      onClose={onClose}
    >
      <p className="soft form-note">{t('editNote')}</p>
      <PackageFields usageCurrency={usage_currency} />
    </FormDrawer>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import {
  CountingFacts,
  type MeterForm,
  NameFields,
  NewMeterFields,
  toBody,
} from './MeterFields.tsx';
import type { Meter } from './MeterTable.tsx';

const refreshes = ['listMeters', 'getMeter'] as const;

interface NewMeterProps {
  /** Slug of the application whose it will be, as a proposal. */
  application: string | undefined;
  onClose: () => void;
}

export function NewMeter({ application, onClose }: NewMeterProps) {
  const t = useTranslations('console.meters');
  const [form] = Form.useForm<MeterForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createMeter', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createMeter"
      submitLabel={t('create')}
      form={form}
      initialValues={{
        application: application ?? null,
        aggregation: 'count',
        unit: 'count',
        kind: 'flow',
        requires_quota: false,
      }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toBody(fields), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <NewMeterFields />
    </FormDrawer>
  );
}

export function EditMeter({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.meters');
  const meter = useQuery(reading('getMeter', { params: { id } }));
  if (meter.data) return <EditForm meter={meter.data} onClose={onClose} />;
  return (
    <Drawer open size={560} title={t('editTitle')} onClose={onClose}>
      {meter.error ? <Failure error={meter.error} /> : <Loading rows={6} />}
    </Drawer>
  );
}

function EditForm({ meter, onClose }: { meter: Meter; onClose: () => void }) {
  const t = useTranslations('console.meters');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<Pick<MeterForm, 'name' | 'requires_quota'>>();
  const update = useChange('updateMeter', { refreshes, onDone: onClose });
  const { id, name, requires_quota } = meter;
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateMeter"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ name, requires_quota }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(body) => update.mutate({ params: { id }, body })}
      onClose={onClose}
    >
      <NameFields />
      <CountingFacts meter={meter} />
    </FormDrawer>
  );
}

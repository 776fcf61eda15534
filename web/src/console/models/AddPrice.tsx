import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import type { ModelPrice } from './columns.tsx';
import { ModelPriceFields } from './ModelPriceFields.tsx';
import { type PriceForm, priceFormOf, toBody } from './price-form.ts';
import { priceInForce } from './price-in-force.ts';

interface AddPriceProps {
  /** Left out, any model may be named. */
  model: string | undefined;
  onClose: () => void;
}

/** A new version begins as the one in force, so that only what changes is typed. */
export function AddPrice({ model, onClose }: AddPriceProps) {
  const t = useTranslations('console.models');
  const current = useQuery({ ...priceInForce(model ?? ''), enabled: model !== undefined });
  if (model === undefined) return <AddPriceForm model={undefined} from={null} onClose={onClose} />;
  if (current.data !== undefined) {
    return <AddPriceForm model={model} from={current.data} onClose={onClose} />;
  }
  return (
    <Drawer open size={560} title={t('changeTitle', { model })} onClose={onClose}>
      {current.error ? <Failure error={current.error} /> : <Loading rows={8} />}
    </Drawer>
  );
}

function AddPriceForm({ model, from, onClose }: AddPriceProps & { from: ModelPrice | null }) {
  const t = useTranslations('console.models');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<PriceForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createModelPrice', {
    refreshes: ['searchModelPrices', 'listModels'],
    onDone: onClose,
  });
  return (
    <FormDrawer
      title={model === undefined ? t('addTitle') : t('changeTitle', { model })}
      operation="createModelPrice"
      submitLabel={t('addVersion')}
      form={form}
      initialValues={from ? priceFormOf(from) : { ...(model && { model }) }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toBody(fields, timeZone), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <p className="soft form-note">{t('addNote')}</p>
      <ModelPriceFields isModelFixed={model !== undefined} from={from} />
    </FormDrawer>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import type { Pairs } from '../forms/PairsField.tsx';
import { ChannelFields } from './ChannelFields.tsx';

export interface ChannelForm {
  name: string;
  dialect: 'openai';
  base_url: string;
  api_key?: string;
  models: string[];
  aliases: Pairs;
  weight: number | null;
  priority: number | null;
  concurrency: number | null;
}

const refreshes = ['listChannels', 'getChannel'] as const;
const usual = { weight: 1, priority: 0, concurrency: null };

export function NewChannel({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.channels');
  const [form] = Form.useForm<ChannelForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createChannel', { refreshes, onDone: onClose });
  const submit = ({ api_key = '', dialect, ...fields }: ChannelForm) =>
    create.mutate({ body: { ...toBody(fields), api_key, dialect }, idempotencyKey });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createChannel"
      submitLabel={t('create')}
      form={form}
      initialValues={{ dialect: 'openai', aliases: {}, ...usual }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <ChannelFields hasKey={false} isNew />
    </FormDrawer>
  );
}

export function EditChannel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.channels');
  const channel = useQuery(reading('getChannel', { params: { id } }));
  if (channel.data) return <EditForm channel={channel.data} onClose={onClose} />;
  return (
    <Drawer open size={560} title={t('editTitle')} onClose={onClose}>
      {channel.error ? <Failure error={channel.error} /> : <Loading rows={8} />}
    </Drawer>
  );
}

function EditForm({ channel, onClose }: { channel: Answer<'getChannel'>; onClose: () => void }) {
  const t = useTranslations('console.channels');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ChannelForm>();
  const update = useChange('updateChannel', { refreshes, onDone: onClose });
  const { id, name, base_url, models, aliases, weight, priority, concurrency } = channel;
  const submit = ({ api_key, ...fields }: ChannelForm) =>
    update.mutate({ params: { id }, body: { ...toBody(fields), ...(api_key && { api_key }) } });
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateChannel"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ name, base_url, models, aliases, weight, priority, concurrency }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <ChannelFields hasKey={channel.has_api_key} isNew={false} />
    </FormDrawer>
  );
}

function toBody(fields: Omit<ChannelForm, 'api_key' | 'dialect'>) {
  const { name, base_url, models, aliases, weight, priority, concurrency } = fields;
  return {
    name,
    base_url,
    models,
    aliases,
    weight: weight ?? usual.weight,
    priority: priority ?? usual.priority,
    concurrency,
  };
}

import { useQuery } from '@tanstack/react-query';
import { Drawer, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { ChannelFields } from './ChannelFields.tsx';
import { type Channel, type ChannelForm, formOf, toBody, usual } from './channel-form.ts';

const refreshes = ['listChannels', 'getChannel'] as const;

export function NewChannel({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.channels');
  const [form] = Form.useForm<ChannelForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createChannel', { refreshes, onDone: onClose });
  const submit = ({ api_key = '', dialect, ...fields }: ChannelForm) =>
    create.mutate({
      body: { ...toBody({ ...fields, dialect }), api_key, dialect },
      idempotencyKey,
    });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createChannel"
      submitLabel={t('create')}
      form={form}
      initialValues={{ dialect: 'openai', ...usual }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <ChannelFields channel={null} />
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

function EditForm({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const t = useTranslations('console.channels');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ChannelForm>();
  const update = useChange('updateChannel', { refreshes, onDone: onClose });
  const { id } = channel;
  const submit = ({ api_key, ...fields }: ChannelForm) =>
    update.mutate({
      params: { id },
      body: { ...toBody(fields, channel), ...(api_key && { api_key }) },
    });
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateChannel"
      submitLabel={tUi('save')}
      form={form}
      initialValues={formOf(channel)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <ChannelFields channel={channel} />
    </FormDrawer>
  );
}

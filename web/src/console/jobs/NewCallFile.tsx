import { App, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useBusinessClock } from '../../ui/clock.ts';
import { instantsOf } from '../../ui/zone-instant.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { OrganizationSelect } from '../organizations/OrganizationFilter.tsx';

const formats = ['csv', 'jsonl'] as const;

interface CallFileForm {
  /** Days of the page's zone, both included. */
  from: string;
  to: string;
  organization?: string;
  model?: string;
  format: (typeof formats)[number];
}

export function NewCallFile({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.jobs.files');
  const tFilters = useTranslations('console.filters');
  const tUi = useTranslations('ui');
  const timeZone = useTimeZone() ?? 'UTC';
  const clock = useBusinessClock();
  const { message } = App.useApp();
  const [form] = Form.useForm<CallFileForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createCallExport', {
    refreshes: ['listCallExports', 'listOperations'],
    onDone: () => {
      void message.success(t('begun'));
      onClose();
    },
  });
  const submit = ({ from, to, organization, model, format }: CallFileForm) => {
    const days = instantsOf(timeZone, { from, to });
    // Of a day that goes on, what is there by now.
    const until = new Date(Math.min(Date.parse(days.to ?? to), clock().getTime())).toISOString();
    create.mutate({
      body: {
        ...{ from: days.from ?? from, to: until, format },
        ...(organization && { organization }),
        ...(model && { model }),
      },
      idempotencyKey,
    });
  };
  const required = [{ required: true, message: t('dayRule') }];
  return (
    <FormDrawer
      title={t('makeTitle')}
      operation="createCallExport"
      submitLabel={t('make')}
      form={form}
      initialValues={{ format: 'csv' }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={submit}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <Form.Item name="from" label={tUi('from')} rules={required}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="to" label={tUi('to')} rules={required} extra={t('toNote')}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="organization" label={tFilters('customer')}>
        <OrganizationSelect label={tFilters('customer')} placeholder={tFilters('anyCustomer')} />
      </Form.Item>
      <Form.Item name="model" label={t('model')}>
        <Input maxLength={200} placeholder={t('anyModel')} autoComplete="off" />
      </Form.Item>
      <Form.Item name="format" label={t('format')} extra={t('formatNote')}>
        <Select options={formats.map((value) => ({ value, label: t(`formats.${value}`) }))} />
      </Form.Item>
    </FormDrawer>
  );
}

import { Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { applicationSlugPattern } from '../forms/rules.ts';

export type Application = Answer<'getApplication'>;

interface ApplicationForm {
  slug: string;
  name: string;
  description?: string;
}

const refreshes = ['listApplications', 'getApplication'] as const;

export function NewApplication({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.applications');
  const [form] = Form.useForm<ApplicationForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createApplication', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('createTitle')}
      operation="createApplication"
      submitLabel={t('create')}
      form={form}
      initialValues={{}}
      error={create.error}
      isPending={create.isPending}
      onSubmit={({ slug, ...fields }) =>
        create.mutate({ body: { slug, ...toBody(fields) }, idempotencyKey })
      }
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <Form.Item
        name="slug"
        label={t('slug')}
        extra={t('slugNote')}
        rules={[{ required: true, pattern: applicationSlugPattern, message: t('slugRule') }]}
      >
        <Input maxLength={40} placeholder="medical" autoComplete="off" />
      </Form.Item>
      <NameFields />
    </FormDrawer>
  );
}

interface EditApplicationProps {
  application: Application;
  onClose: () => void;
}

export function EditApplication({ application, onClose }: EditApplicationProps) {
  const t = useTranslations('console.applications');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<ApplicationForm>();
  const update = useChange('updateApplication', { refreshes, onDone: onClose });
  const { id, name, description } = application;
  return (
    <FormDrawer
      title={t('editTitle')}
      operation="updateApplication"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ name, description: description ?? '' }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) => update.mutate({ params: { id }, body: toBody(fields) })}
      onClose={onClose}
    >
      <NameFields />
    </FormDrawer>
  );
}

function NameFields() {
  const t = useTranslations('console.applications');
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="description" label={t('description')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={1000} />
      </Form.Item>
    </>
  );
}

function toBody({ name, description }: Omit<ApplicationForm, 'slug'>) {
  return { name, description: description?.trim() || null };
}

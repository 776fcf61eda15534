import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { instantIn } from '../../ui/zone-instant.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import type { ModelGroup } from './GroupsPanel.tsx';
import { multiplierPattern } from './multiplier-rule.ts';

const refreshes = ['listModelGroups', 'listModels', 'listGroupMultipliers'] as const;

interface GroupForm {
  slug: string;
  name: string;
  models: string[];
  multiplier: string;
  effective_from?: string;
}

export function NewGroup({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.modelPrices');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<GroupForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createModelGroup', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('addGroup')}
      operation="createModelGroup"
      submitLabel={t('addGroup')}
      form={form}
      initialValues={{ multiplier: '1', models: [] }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: toBody(fields, timeZone), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <GroupFields isNew />
    </FormDrawer>
  );
}

export function EditGroup({ group, onClose }: { group: ModelGroup; onClose: () => void }) {
  const t = useTranslations('console.modelPrices');
  const tUi = useTranslations('ui');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<GroupForm>();
  const update = useChange('updateModelGroup', { refreshes, onDone: onClose });
  const { id, slug, name, models, multiplier } = group;
  return (
    <FormDrawer
      title={t('editGroup', { name })}
      operation="updateModelGroup"
      submitLabel={tUi('save')}
      form={form}
      initialValues={{ slug, name, models, multiplier }}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) => {
        const { slug: _, ...body } = toBody(fields, timeZone);
        update.mutate({ params: { id }, body });
      }}
      onClose={onClose}
    >
      <p className="soft form-note">{t('editGroupNote')}</p>
      <GroupFields isNew={false} />
    </FormDrawer>
  );
}

function toBody({ effective_from: from, ...fields }: GroupForm, timeZone: string) {
  return { ...fields, ...(from && { effective_from: instantIn(timeZone, from) }) };
}

function GroupFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations('console.modelPrices');
  const tModels = useTranslations('console.models');
  const timeZone = useTimeZone() ?? 'UTC';
  return (
    <>
      <div className="fields">
        <Form.Item
          name="name"
          label={t('groupName')}
          rules={[{ required: true, whitespace: true, message: t('groupNameRule') }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="slug"
          label={t('slug')}
          extra={t('slugNote')}
          rules={[{ required: true, pattern: /^[a-z0-9][a-z0-9-]{0,39}$/, message: t('slugRule') }]}
        >
          <Input maxLength={40} disabled={!isNew} />
        </Form.Item>
      </div>
      <Form.Item name="models" label={t('models')} extra={t('modelsNote')}>
        <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffixIcon={null} />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name="multiplier"
          label={t('multiplier')}
          extra={t('multiplierNote')}
          rules={[{ required: true, pattern: multiplierPattern, message: t('multiplierRule') }]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="effective_from"
          label={tModels('effectiveFrom')}
          extra={tModels('effectiveFromNote', { timeZone })}
        >
          <Input type="datetime-local" />
        </Form.Item>
      </div>
    </>
  );
}

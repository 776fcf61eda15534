import { Collapse, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useBusinessClock } from '../../ui/clock.ts';
import { type Expiry, expiries, expiryAfter } from './expiry.ts';
import { LimitFields } from './LimitFields.tsx';
import { type LimitFields as Limits, limitsOf } from './limits.ts';
import { ModelsField } from './ModelsField.tsx';
import { NewSecret } from './NewSecret.tsx';

interface Fields extends Limits {
  name: string;
  expires_at: Expiry;
  allowed_models?: string[];
}

/** Asks for what a key needs, then shows its secret for the one time that it exists outside the caller's hands. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const t = useTranslations('keys');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<Fields>();
  const now = useBusinessClock();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createApiKey', { refreshes: ['listApiKeys'] });
  const refusal = useFormRefusal(form, create.error);
  if (create.data) return <NewSecret secret={create.data.key} onClose={onClose} />;

  const submit = ({ name, expires_at, allowed_models = [], ...limits }: Fields) =>
    create.mutate({
      idempotencyKey,
      body: {
        name,
        expires_at: expiryAfter(expires_at, now()),
        allowed_models: allowed_models.length > 0 ? allowed_models : null,
        ...limitsOf(limits),
      },
    });
  return (
    <Modal
      open
      title={t('createTitle')}
      okText={t('create')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: create.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ expires_at: 'never' }}
        onFinish={submit}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
      >
        <KeyFields />
      </Form>
    </Modal>
  );
}

function KeyFields() {
  const t = useTranslations('keys');
  const expiryLabel = (expiry: Expiry) => {
    if (expiry === 'never' || expiry === 'year') return t(`expiries.${expiry}`);
    return t('expiries.days', { days: expiry });
  };
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input placeholder={t('namePlaceholder')} maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="expires_at" label={t('expires')}>
        <Select options={expiries.map((value) => ({ value, label: expiryLabel(value) }))} />
      </Form.Item>
      <ModelsField />
      <Collapse
        ghost
        size="small"
        items={[{ key: 'limits', label: t('limits.title'), children: <LimitFields /> }]}
      />
    </>
  );
}

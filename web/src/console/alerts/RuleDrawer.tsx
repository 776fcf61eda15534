import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { RuleFields } from './RuleFields.tsx';
import { type AlertRule, bodyOf, firstRule, formOf, type RuleForm } from './rule-form.ts';
import { useRuleName } from './rule-text.ts';

const refreshes = ['listAlertRules'] as const;

export function NewRule({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.alertRules');
  const { message } = App.useApp();
  const [form] = Form.useForm<RuleForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createAlertRule', {
    refreshes,
    onDone: () => {
      void message.success(t('added'));
      onClose();
    },
  });
  return (
    <FormDrawer
      title={t('add')}
      operation="createAlertRule"
      submitLabel={t('add')}
      form={form}
      initialValues={firstRule}
      error={create.error}
      isPending={create.isPending}
      onSubmit={(fields) => create.mutate({ body: bodyOf(fields), idempotencyKey })}
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <RuleFields form={form} webhook={null} />
    </FormDrawer>
  );
}

export function EditRule({ rule, onClose }: { rule: AlertRule; onClose: () => void }) {
  const t = useTranslations('console.alertRules');
  const tUi = useTranslations('ui');
  const name = useRuleName();
  const [form] = Form.useForm<RuleForm>();
  const save = useChange('updateAlertRule', { refreshes, onDone: onClose });
  return (
    <FormDrawer
      title={t('editNamed', { name: name(rule) })}
      operation="updateAlertRule"
      submitLabel={tUi('save')}
      form={form}
      initialValues={formOf(rule)}
      error={save.error}
      isPending={save.isPending}
      onSubmit={(fields) => save.mutate({ params: { id: rule.id }, body: bodyOf(fields) })}
      onClose={onClose}
    >
      <RuleFields form={form} webhook={rule.webhook} />
    </FormDrawer>
  );
}

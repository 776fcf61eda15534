import { useNavigate } from '@tanstack/react-router';
import { Form, Input, Modal, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { paths } from '../../paths.ts';
import { useStatementProviders } from './statement-providers.ts';

interface DayForm {
  provider: string;
  date: string;
}

/** Compares one day now, for the first time or again. */
export function RunDay({
  provider,
  onClose,
}: {
  provider: string | undefined;
  onClose: () => void;
}) {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<DayForm>();
  const navigate = useNavigate();
  const providers = useStatementProviders();
  const run = useChange('createReconciliation', {
    refreshes: ['listReconciliations', 'getReconciliation', 'listReconciliationItems'],
    onDone: ({ id }) => void navigate({ to: paths.consoleReconciliation, params: { id } }),
  });
  const refusal = useFormRefusal(form, run.error);
  return (
    <Modal
      open
      title={t('runTitle')}
      okText={t('run')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: run.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p className="soft">{t('runNote')}</p>
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          initialValues={{ provider }}
          onFinish={(body) => run.mutate({ body, idempotencyKey: newIdempotencyKey() })}
        >
          <Form.Item
            name="provider"
            label={t('provider')}
            rules={[{ required: true, message: t('providerRule') }]}
          >
            <Select
              options={providers.map(({ provider: value, name: label }) => ({ value, label }))}
            />
          </Form.Item>
          <Form.Item
            name="date"
            label={t('day')}
            extra={t('dayNote')}
            rules={[{ required: true, message: t('dayRule') }]}
          >
            <Input type="date" />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}

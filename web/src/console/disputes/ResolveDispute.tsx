/** Who bears what a lost dispute took. */
import { App, Form, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { ReasonField } from '../forms/ReasonQuestion.tsx';

interface ResolveDisputeProps {
  dispute: Pick<Answer<'inspectDispute'>, 'id' | 'amount' | 'currency'>;
  onClose: () => void;
}

interface ResolveForm {
  borneBy: 'customer' | 'us';
  reason: string;
}

const choices = ['customer', 'us'] as const;

export function ResolveDispute({ dispute, onClose }: ResolveDisputeProps) {
  const t = useTranslations('console.disputes');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<ResolveForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const amount = useAmountText()(dispute.amount, dispute.currency, { isExact: true });
  const resolve = useChange('resolveDispute', {
    refreshes: [
      ...(['searchDisputes', 'inspectPayment', 'inspectOrganization'] as const),
      ...(['searchCreditNotes', 'inspectInvoice'] as const),
    ],
    onDone: () => {
      void message.success(t('resolved'));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, resolve.error);
  const submit = ({ borneBy, reason }: ResolveForm) =>
    resolve.mutate({
      params: { id: dispute.id },
      body: { borne_by: borneBy, note: reason },
      idempotencyKey,
    });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('resolveTitle')}
      okText={t('resolve')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: resolve.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <Refused error={refusal} />
        <Form
          form={form}
          layout="vertical"
          onFinish={submit}
          onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
        >
          <Form.Item
            name="borneBy"
            label={t('who', { amount })}
            rules={[{ required: true, message: t('choiceRule') }]}
          >
            <Radio.Group vertical>
              {choices.map((choice) => (
                <Radio key={choice} value={choice}>
                  <span className="twofold">
                    {t(`choices.${choice}`)}
                    <small>{t(`choiceNotes.${choice}`)}</small>
                  </span>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <ReasonField />
        </Form>
      </div>
    </Modal>
  );
}

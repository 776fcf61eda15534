/** Gives a customer credit: first how much, then in words what that does. */
import { App, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { GrantFields } from './GrantFields.tsx';
import { type GrantForm, toGrantBody } from './grant-form.ts';
import { useRecurrenceText } from './recurrence-text.ts';
import type { OfOrganization } from './terms.ts';

interface GiveCreditProps extends OfOrganization {
  currency: string;
  onClose: () => void;
}

export function GiveCredit({ organization, currency, onClose }: GiveCreditProps) {
  const t = useTranslations('console.grants');
  const tUi = useTranslations('ui');
  const tForms = useTranslations('console.forms');
  const [form] = Form.useForm<GrantForm>();
  const [asked, setAsked] = useState<GrantForm>();
  const give = useGive(organization, { onClose, onRefused: () => setAsked(undefined) });
  const refusal = useFormRefusal(form, give.error);
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('giveTitle', { customer: organization.name })}
      okText={asked ? t('give') : tForms('continue')}
      cancelText={asked ? tForms('back') : tUi('cancel')}
      okButtonProps={{ loading: give.isPending }}
      onOk={() => (asked ? give.submit(asked) : form.submit())}
      onCancel={() => (asked && !give.isPending ? setAsked(undefined) : onClose())}
    >
      <div className="stack">
        <Refused error={asked ? null : refusal} />
        {asked && <Question asked={asked} customer={organization.name} />}
        <Form
          form={form}
          hidden={asked !== undefined}
          layout="vertical"
          initialValues={{ currency, interval: 'once', interval_count: 1 }}
          onFinish={setAsked}
          onValuesChange={give.renewKey}
        >
          <GrantFields />
        </Form>
      </div>
    </Modal>
  );
}

function Question({ asked, customer }: { asked: GrantForm; customer: string }) {
  const t = useTranslations('console.grants');
  const amountText = useAmountText();
  const text = useRecurrenceText();
  const { interval } = asked;
  const figures = { customer, amount: amountText(asked.amount, asked.currency, { isExact: true }) };
  return (
    <>
      <p>
        {interval === 'once'
          ? t('confirmOnce', figures)
          : t('confirmEach', {
              ...figures,
              every: text({ interval, interval_count: asked.interval_count ?? 1 }),
            })}
      </p>
      <p className="soft">{t('confirmNote', { note: asked.note })}</p>
    </>
  );
}

/** One key for the life of the question: pressing twice, or again after a lost answer, gives once. */
function useGive(
  { id }: OfOrganization['organization'],
  on: { onClose: () => void; onRefused: () => void },
) {
  const t = useTranslations('console.grants');
  const { message } = App.useApp();
  const timeZone = useTimeZone() ?? 'UTC';
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const change = useChange('giveGrant', {
    refreshes: ['listGrants', 'inspectOrganization'],
    onDone: () => {
      void message.success(t('given'));
      on.onClose();
    },
  });
  return {
    error: change.error,
    isPending: change.isPending,
    renewKey: () => setIdempotencyKey(newIdempotencyKey()),
    submit: (form: GrantForm) =>
      change.mutate(
        { params: { id }, body: toGrantBody(form, timeZone), idempotencyKey },
        { onError: on.onRefused },
      ),
  };
}

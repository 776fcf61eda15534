import { useNavigate } from '@tanstack/react-router';
import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ChooseInvoices } from './ChooseInvoices.tsx';
import {
  type FapiaoInvoice,
  type RequestForm as Fields,
  formOf,
  type LastTitle,
  sumOf,
  toBody,
} from './request.ts';
import { TitleFields } from './TitleFields.tsx';

interface RequestFormProps {
  last: LastTitle;
  /** The one that the way here began at. */
  invoice: string | undefined;
}

export function RequestForm({ last, invoice }: RequestFormProps) {
  const t = useTranslations('fapiao.form');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { user } = useSession();
  const [form] = Form.useForm<Fields>();
  const [chosen, setChosen] = useState<readonly FapiaoInvoice[]>([]);
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const request = useChange('requestFapiao', {
    refreshes: ['listFapiao', 'listFapiaoInvoices', 'getFapiaoTitle'],
    onDone: ({ title }) => {
      void message.success(t('done', { email: title.email }));
      void navigate({ to: paths.fapiao });
    },
  });
  const refusal = useFormRefusal(form, request.error);
  const renew = () => setIdempotencyKey(newIdempotencyKey());
  const choose = (invoices: readonly FapiaoInvoice[]) => {
    setChosen(invoices);
    renew();
  };
  const submit = (fields: Fields) => {
    const body = toBody(
      fields,
      chosen.map(({ id }) => id),
    );
    request.mutate({ body, idempotencyKey });
  };
  return (
    <Form
      form={form}
      layout="vertical"
      className="page"
      initialValues={formOf(last, user.email)}
      onFinish={submit}
      onValuesChange={renew}
      scrollToFirstError
    >
      <ChooseInvoices only={invoice} chosen={chosen} onChange={choose} />
      <Panel title={t('madeOutTo')} note={t('madeOutToNote')}>
        <TitleFields />
      </Panel>
      <Refused error={refusal} />
      <div>
        <Submit chosen={chosen} isPending={request.isPending} />
      </div>
    </Form>
  );
}

function Submit({ chosen, isPending }: { chosen: readonly FapiaoInvoice[]; isPending: boolean }) {
  const t = useTranslations('fapiao.form');
  const amountText = useAmountText();
  const sum = sumOf(chosen);
  const label = sum
    ? t('submit', { amount: amountText(sum.amount, sum.currency, { isExact: true }) })
    : t(chosen.length === 0 ? 'submitNone' : 'mixed');
  return (
    <AllowedButton
      operation="requestFapiao"
      type="primary"
      htmlType="submit"
      loading={isPending}
      blockedBecause={sum ? undefined : label}
    >
      {label}
    </AllowedButton>
  );
}

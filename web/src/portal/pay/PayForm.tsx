import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { WayField } from '../../features/payment/WayField.tsx';
import { requestKey, type WayOption } from '../../features/payment/way.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { leaveTo } from './embedding.ts';

type Payable = Answer<'getPayable'>;
type LinkPayment = Answer<'payByLink'>;

interface PayFormProps {
  payable: Payable;
  amount: string;
  onBegun: (payment: LinkPayment) => void;
}

interface Values {
  way: WayOption['way'];
  email?: string;
}

/** The choice of who collects, and for a price whose it will be. A redirect leaves the app at once. */
export function PayForm({ payable, amount, onBegun }: PayFormProps) {
  const t = useTranslations('pay');
  const locale = useLocale();
  const amountText = useAmountText();
  const options = useOffered(payable.providers);
  const [idempotencyKey] = useState(newIdempotencyKey);
  const pay = useChange('payByLink', {
    onDone: (payment) => {
      onBegun(payment);
      if (payment.status === 'pending' && payment.next.type === 'redirect') {
        leaveTo(payment.next.url);
      }
    },
  });
  const submit = ({ way, email }: Values) =>
    pay.mutate({
      params: { link: payable.link },
      body: {
        provider: way.provider ?? '',
        ...(way.means !== undefined && { means: way.means }),
        ...(email && { email, locale: locale === 'zh-CN' ? 'zh-CN' : 'en' }),
      },
      idempotencyKey: `${idempotencyKey}-${requestKey(way)}-${email ?? ''}`.slice(0, 200),
    });
  return (
    <Panel title={t('how')}>
      <Form<Values> layout="vertical" onFinish={submit} disabled={pay.isPending}>
        {payable.kind === 'price' && (
          <Form.Item
            name="email"
            label={t('email')}
            extra={t('emailNote')}
            rules={[{ required: true, type: 'email', message: t('emailRule') }]}
          >
            <Input type="email" autoComplete="email" maxLength={254} />
          </Form.Item>
        )}
        <WayField options={options} />
        <Refused error={pay.error} />
        <div className="actions">
          <Button
            type="primary"
            htmlType="submit"
            loading={pay.isPending}
            disabled={options.length === 0}
          >
            {t('pay', { amount: amountText(amount, payable.currency) })}
          </Button>
        </div>
      </Form>
    </Panel>
  );
}

function useOffered(providers: Payable['providers']): WayOption[] {
  const locale = useLocale() === 'zh-CN' ? 'zh-CN' : 'en';
  return providers.flatMap(({ provider, name, means }): WayOption[] =>
    means.length < 2
      ? [{ way: { provider }, label: name, stores: false }]
      : means.map(({ id, label }) => ({
          way: { provider, means: id },
          label: label[locale],
          stores: false,
        })),
  );
}

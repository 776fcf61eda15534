import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { deploymentQuery } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { WayField } from '../../features/payment/WayField.tsx';
import { useWaysToPay } from '../../features/payment/ways-to-pay.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { decimalsOf } from '../../ui/amount-text.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { TopUp } from './top-up.ts';

/** Comes with the question, after the page. */
const ConfirmTopUp = lazy(async () => ({
  default: (await import('./ConfirmTopUp.tsx')).ConfirmTopUp,
}));

/** Digits, more than zero. */
const amountPattern = /^(?=.*[1-9])(0|[1-9]\d*)(\.\d+)?$/;

export function TopUpPanel() {
  const t = useTranslations('billing');
  const currencies = useCurrencies();
  return (
    <Panel title={t('topUp')} note={t('topUpNote')}>
      {currencies.error && <Failure error={currencies.error} onRetry={currencies.retry} />}
      {!currencies.all && !currencies.error && <Loading rows={4} />}
      {currencies.all && <TopUpForm currencies={currencies.all} />}
    </Panel>
  );
}

function TopUpForm({ currencies }: { currencies: Currencies }) {
  const t = useTranslations('billing');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<TopUp>();
  const [asked, setAsked] = useState<TopUp>();
  const currency = Form.useWatch('currency', form) ?? currencies[0];
  const { options } = useWaysToPay({ currency, withoutWallet: true });
  const digits = decimalsOf(currency);
  const decimalsRule = t('amountDecimals', { currency: currency, digits });
  return (
    <>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ currency: currencies[0] }}
        onFinish={setAsked}
      >
        <div className="fields">
          <Form.Item
            name="amount"
            label={t('amount')}
            dependencies={['currency']}
            rules={[
              { required: true, pattern: amountPattern, message: t('amountRule') },
              { pattern: new RegExp(`^[^.]*(\\.\\d{0,${digits}})?$`), message: decimalsRule },
            ]}
          >
            <Input inputMode="decimal" placeholder="20.00" autoComplete="off" />
          </Form.Item>
          <Form.Item name="currency" label={tUi('currency')}>
            <Select options={currencies.map((value) => ({ value, label: value }))} />
          </Form.Item>
        </div>
        {options ? <WayField options={options} /> : <Loading rows={3} />}
        <AllowedButton operation="topUpWallet" type="primary" htmlType="submit">
          {t('topUpReview')}
        </AllowedButton>
      </Form>
      {asked && (
        <Suspense>
          <ConfirmTopUp topUp={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** What can be paid in, the currency of usage first. */
type Currencies = [string, ...string[]];

function useCurrencies() {
  const deployment = useQuery(deploymentQuery);
  const providers = useQuery(reading('listPaymentProviders'));
  const usageCurrency = deployment.data?.usage_currency;
  const others = providers.data?.data
    .flatMap(({ currencies }) => currencies ?? [])
    .filter((currency) => currency !== usageCurrency);
  const all: Currencies | undefined =
    usageCurrency && others ? [usageCurrency, ...new Set(others)] : undefined;
  return {
    all,
    error: deployment.error ?? providers.error,
    retry: () => {
      void deployment.refetch();
      void providers.refetch();
    },
  };
}

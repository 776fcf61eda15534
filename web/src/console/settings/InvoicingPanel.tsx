/** What is invoiced before its period is over, and what may have a fapiao. */
import { useQuery } from '@tanstack/react-query';
import { App, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Pairs, PairsField } from '../forms/PairsField.tsx';
import { currencyPattern } from '../forms/rules.ts';
import { useRatesRule } from './rates-rule.ts';

interface InvoicingForm {
  thresholds: Pairs;
  currencies: string[];
}

export function InvoicingPanel() {
  const settings = useQuery(reading('getSettings'));
  return settings.data ? <InvoicingOf settings={settings.data} /> : null;
}

function InvoicingOf({ settings }: { settings: Answer<'getSettings'> }) {
  const t = useTranslations('console.invoicingSettings');
  const tSettings = useTranslations('console.settings');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  // What was saved comes back cleaned: the fields are drawn again from it.
  const [savedCount, setSavedCount] = useState(0);
  const change = useChange('updateSettings', {
    refreshes: ['getSettings'],
    onDone: () => {
      setSavedCount(savedCount + 1);
      void message.success(tUi('saved'));
    },
  });
  return (
    <Panel title={t('title')} note={t('note')}>
      <Refused error={change.error} />
      <Form<InvoicingForm>
        key={savedCount}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={{
          thresholds: settings.usage_invoice_thresholds,
          currencies: settings.fapiao_currencies,
        }}
        onFinish={({ thresholds, currencies }) =>
          change.mutate({
            body: { usage_invoice_thresholds: thresholds, fapiao_currencies: currencies },
          })
        }
      >
        <InvoicingFields />
        <AllowedButton
          operation="updateSettings"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={tSettings('saveNamed', { name: t('title') })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

function InvoicingFields() {
  const t = useTranslations('console.invoicingSettings');
  const tForms = useTranslations('console.forms');
  const tSettings = useTranslations('console.settings');
  const rule = useRatesRule();
  const areCurrencies = (_: unknown, currencies: string[] = []) =>
    currencies.every((currency) => currencyPattern.test(currency))
      ? Promise.resolve()
      : Promise.reject(new Error(tForms('currencyRule')));
  return (
    <>
      <Form.Item
        name="thresholds"
        label={t('thresholds')}
        extra={t('thresholdsNote')}
        rules={[rule]}
      >
        <PairsField
          labels={[tSettings('rateCurrency'), t('threshold')]}
          addLabel={t('addThreshold')}
        />
      </Form.Item>
      <Form.Item
        name="currencies"
        label={t('currencies')}
        extra={t('currenciesNote')}
        normalize={(typed: string[]) => typed.map((currency) => currency.trim().toUpperCase())}
        rules={[{ validator: areCurrencies }]}
      >
        <Select mode="tags" tokenSeparators={[',', ' ']} maxCount={20} open={false} />
      </Form.Item>
    </>
  );
}

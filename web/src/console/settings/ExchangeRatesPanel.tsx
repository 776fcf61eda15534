/** What a unit of the usage currency is worth in the currencies that customers pay in. */
import { useQuery } from '@tanstack/react-query';
import { App, Form } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Pairs, PairsField } from '../forms/PairsField.tsx';
import { useRatesRule } from './rates-rule.ts';

export function ExchangeRatesPanel() {
  const settings = useQuery(reading('getSettings'));
  const deployment = useQuery(reading('getDeployment'));
  if (!settings.data || !deployment.data) return null;
  return <Rates settings={settings.data} usageCurrency={deployment.data.usage_currency} />;
}

interface RatesProps {
  settings: Answer<'getSettings'>;
  usageCurrency: string;
}

function Rates({ settings, usageCurrency }: RatesProps) {
  const t = useTranslations('console.settings');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const isForbidden = useRefusalOf()('updateSettings') !== undefined;
  const rule = useRatesRule();
  // What was saved comes back cleaned: the field is drawn again from it.
  const [savedCount, setSavedCount] = useState(0);
  const change = useChange('updateSettings', {
    refreshes: ['getSettings'],
    onDone: () => {
      setSavedCount(savedCount + 1);
      void message.success(tUi('saved'));
    },
  });
  return (
    <Panel title={t('exchange')} note={t('exchangeNote', { currency: usageCurrency })}>
      <Refused error={change.error} />
      <Form<{ rates: Pairs }>
        key={savedCount}
        layout="vertical"
        className="settings-form"
        disabled={isForbidden}
        initialValues={{ rates: settings.exchange_rates }}
        onFinish={({ rates }) => change.mutate({ body: { exchange_rates: rates } })}
      >
        <Form.Item name="rates" rules={[rule]}>
          <PairsField labels={[t('rateCurrency'), t('rate')]} addLabel={t('addRate')} />
        </Form.Item>
        <AllowedButton
          operation="updateSettings"
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          aria-label={t('saveNamed', { name: t('exchange') })}
        >
          {tUi('save')}
        </AllowedButton>
      </Form>
    </Panel>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { PairsField } from '../forms/PairsField.tsx';
import type { Channel } from './channel-form.ts';

/** Models to pick from: those with a price and, once asked, those that the upstream says it serves. */
export function ModelsFields({ channel }: { channel: Channel | null }) {
  const t = useTranslations('console.channels');
  const [isAsked, setIsAsked] = useState(false);
  const priced = usePages('searchModelPrices', { query: { limit: 200 } });
  const upstream = useQuery({
    ...reading('listUpstreamModels', { params: { id: channel?.id ?? '' } }),
    enabled: isAsked,
    retry: false,
  });
  const told = upstream.data?.data.map(({ id }) => id) ?? [];
  const names = [...new Set([...(priced.rows ?? []).map(({ model }) => model), ...told])];
  return (
    <>
      <Form.Item
        name="models"
        label={t('models')}
        extra={t('modelsNote')}
        rules={[{ required: true, message: t('modelsRule') }]}
      >
        <Select
          mode="tags"
          tokenSeparators={[',', ' ', '\n']}
          placeholder="gpt-4o-mini"
          options={names.map((name) => ({ value: name, label: name }))}
        />
      </Form.Item>
      {channel && (
        <Form.Item>
          <div className="stack-tight">
            <span>
              <AllowedButton
                operation="listUpstreamModels"
                loading={upstream.isFetching}
                onClick={() => (isAsked ? void upstream.refetch() : setIsAsked(true))}
              >
                {t('askUpstream')}
              </AllowedButton>
            </span>
            {upstream.data && <p role="status">{t('upstreamModels', { count: told.length })}</p>}
            <Refused error={upstream.error} />
          </div>
        </Form.Item>
      )}
      <Form.Item name="aliases" label={t('aliases')} extra={t('aliasesNote')}>
        <PairsField labels={[t('aliasFrom'), t('aliasTo')]} addLabel={t('addAlias')} />
      </Form.Item>
    </>
  );
}

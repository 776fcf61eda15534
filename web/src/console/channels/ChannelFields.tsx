import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { PairsField } from '../forms/PairsField.tsx';

interface ChannelFieldsProps {
  hasKey: boolean;
  isNew: boolean;
}

export function ChannelFields({ hasKey, isNew }: ChannelFieldsProps) {
  const t = useTranslations('console.channels');
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} placeholder={t('namePlaceholder')} />
      </Form.Item>
      {isNew && (
        <Form.Item name="dialect" label={t('dialect')}>
          <Select options={[{ value: 'openai', label: t('dialects.openai') }]} />
        </Form.Item>
      )}
      <Form.Item
        name="base_url"
        label={t('baseUrl')}
        extra={t('baseUrlNote')}
        rules={[{ required: true, type: 'url', message: t('baseUrlRule') }]}
      >
        <Input inputMode="url" placeholder="https://api.openai.com/v1" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="api_key"
        label={t('apiKey')}
        extra={t('apiKeyNote')}
        rules={[{ required: !hasKey, whitespace: true, message: t('apiKeyRule') }]}
      >
        <Input.Password
          autoComplete="new-password"
          placeholder={hasKey ? t('apiKeyKept') : 'sk-…'}
          maxLength={2000}
        />
      </Form.Item>
      <ModelsFields />
      <SharesFields />
    </>
  );
}

function ModelsFields() {
  const t = useTranslations('console.channels');
  const priced = usePages('searchModelPrices', { query: { limit: 200 } });
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
          options={priced.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
        />
      </Form.Item>
      <Form.Item name="aliases" label={t('aliases')} extra={t('aliasesNote')}>
        <PairsField labels={[t('aliasFrom'), t('aliasTo')]} addLabel={t('addAlias')} />
      </Form.Item>
    </>
  );
}

function SharesFields() {
  const t = useTranslations('console.channels');
  return (
    <>
      <div className="fields">
        <Form.Item name="priority" label={t('priority')}>
          <InputNumber min={-1000} max={1000} precision={0} className="full" />
        </Form.Item>
        <Form.Item name="weight" label={t('weight')}>
          <InputNumber min={0} max={1_000_000} precision={0} className="full" />
        </Form.Item>
        <Form.Item name="concurrency" label={t('concurrency')}>
          <InputNumber
            min={1}
            max={1_000_000}
            precision={0}
            className="full"
            placeholder={t('unlimited')}
          />
        </Form.Item>
      </div>
      <p className="soft">{t('sharesNote')}</p>
    </>
  );
}

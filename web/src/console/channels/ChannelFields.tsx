import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { CostFields } from './CostFields.tsx';
import { type Channel, type ChannelForm, type Preset, presets } from './channel-form.ts';
import { ModelsFields } from './ModelsFields.tsx';
import { ProxyFields } from './ProxyFields.tsx';

/** `channel` is null for one that is being made. */
export function ChannelFields({ channel }: { channel: Channel | null }) {
  const t = useTranslations('console.channels');
  const isNew = channel === null;
  const hasMore = channel !== null && (channel.proxy_url !== null || channel.cost !== null);
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRule') }]}
      >
        <Input maxLength={100} placeholder={t('namePlaceholder')} />
      </Form.Item>
      {isNew && <DialectFields />}
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
        extra={isNew ? t('apiKeyNote') : t('apiKeyReplaces')}
        rules={[{ required: isNew, whitespace: true, message: t('apiKeyRule') }]}
      >
        <Input.Password
          autoComplete="new-password"
          placeholder={isNew ? 'sk-…' : t('apiKeyKept')}
          maxLength={2000}
        />
      </Form.Item>
      <ModelsFields channel={channel} />
      <SharesFields />
      <details className="more-fields" open={hasMore}>
        <summary>{t('more')}</summary>
        <ProxyFields current={channel?.proxy_url ?? null} />
        <CostFields />
      </details>
    </>
  );
}

const dialects = ['openai', 'anthropic', 'gemini'] as const;

function DialectFields() {
  const t = useTranslations('console.channels');
  const form = Form.useFormInstance<ChannelForm>();
  const fill = (preset: Preset) => {
    form.setFieldsValue(presets[preset]);
    if (!form.getFieldValue('name')) form.setFieldsValue({ name: t(`providers.${preset}`) });
  };
  return (
    <>
      <Form.Item label={t('provider')} htmlFor="provider" extra={t('providerNote')}>
        <Select
          id="provider"
          onChange={fill}
          options={(Object.keys(presets) as Preset[]).map((preset) => ({
            value: preset,
            label: t(`providers.${preset}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="dialect" label={t('dialect')} extra={t('dialectNote')}>
        <Select
          options={dialects.map((dialect) => ({ value: dialect, label: t(`dialects.${dialect}`) }))}
        />
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

import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { BorrowKey } from './BorrowKey.tsx';
import type { Settings } from './use-conversation.ts';

interface SettingsFieldsProps {
  settings: Settings;
  onChange: (change: Partial<Settings>) => void;
}

/** Beyond these, no model takes a temperature. */
const temperatureMax = 2;

export function SettingsFields({ settings, onChange }: SettingsFieldsProps) {
  const t = useTranslations('playground');
  const models = usePages('listModels', { query: { limit: 200 } });
  return (
    <Form layout="vertical">
      <KeyField secret={settings.secret} onChange={(secret) => onChange({ secret })} />
      <Form.Item label={t('model')} htmlFor="playground-model">
        <Select
          id="playground-model"
          showSearch
          placeholder={t('modelPlaceholder')}
          {...(settings.model !== '' && { value: settings.model })}
          loading={!models.rows && !models.error}
          options={models.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
          onChange={(model: string) => onChange({ model })}
        />
      </Form.Item>
      <Form.Item label={t('system')} htmlFor="playground-system" extra={t('systemNote')}>
        <Input.TextArea
          id="playground-system"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={50_000}
          value={settings.system}
          onChange={(event) => onChange({ system: event.target.value })}
        />
      </Form.Item>
      <div className="field-row">
        <Form.Item label={t('temperature')} htmlFor="playground-temperature">
          <InputNumber
            id="playground-temperature"
            min={0}
            max={temperatureMax}
            step={0.1}
            placeholder={t('usual')}
            value={settings.temperature}
            onChange={(temperature) => onChange({ temperature })}
          />
        </Form.Item>
        <Form.Item label={t('maxTokens')} htmlFor="playground-max-tokens">
          <InputNumber
            id="playground-max-tokens"
            min={1}
            precision={0}
            suffix={t('tokensUnit')}
            placeholder={t('usual')}
            value={settings.maxTokens}
            onChange={(maxTokens) => onChange({ maxTokens })}
          />
        </Form.Item>
      </div>
    </Form>
  );
}

function KeyField({ secret, onChange }: { secret: string; onChange: (secret: string) => void }) {
  const t = useTranslations('playground');
  const refusal = useRefusalOf()('createApiKey');
  const [isBorrowing, setIsBorrowing] = useState(false);
  return (
    <>
      <Form.Item label={t('key')} htmlFor="playground-key" extra={t('keyNote')}>
        <Input.Password
          id="playground-key"
          autoComplete="off"
          spellCheck={false}
          placeholder="sk-…"
          value={secret}
          onChange={(event) => onChange(event.target.value)}
        />
      </Form.Item>
      <Form.Item extra={refusal}>
        <Button disabled={refusal !== undefined} onClick={() => setIsBorrowing(true)}>
          {t('borrow')}
        </Button>
      </Form.Item>
      {isBorrowing && (
        <BorrowKey
          onMade={(made) => {
            onChange(made);
            setIsBorrowing(false);
          }}
          onClose={() => setIsBorrowing(false)}
        />
      )}
    </>
  );
}

import { Alert, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDuration } from './ChannelState.tsx';
import type { Channel } from './channel-form.ts';

export function TestPanel({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const [model, setModel] = useState<string | undefined>(channel.models[0]);
  const [keyId, setKeyId] = useState<string>();
  const test = useChange('testChannel', { refreshes: ['listChannels', 'getChannel'] });
  const { id, models, keys } = channel;
  const run = () =>
    test.mutate({
      params: { id },
      body: { ...(model && { model }), ...(keyId && { key_id: keyId }) },
    });
  return (
    <Panel title={t('testTitle')} note={t('testNote')}>
      <div className="stack">
        <div className="fields">
          <Form.Item
            label={t('testModel')}
            htmlFor="test-model"
            layout="vertical"
            className="flush"
          >
            <Select
              id="test-model"
              showSearch
              value={model}
              onChange={setModel}
              options={models.map((name) => ({ value: name, label: name }))}
            />
          </Form.Item>
          {keys.length > 1 && (
            <Form.Item label={t('testKey')} htmlFor="test-key" layout="vertical" className="flush">
              <Select
                id="test-key"
                allowClear
                placeholder={t('anyKey')}
                value={keyId}
                onChange={setKeyId}
                options={keys.map((key) => ({ value: key.id, label: `${key.prefix ?? ''}…` }))}
              />
            </Form.Item>
          )}
        </div>
        <span>
          <AllowedButton
            operation="testChannel"
            type="primary"
            loading={test.isPending}
            onClick={run}
          >
            {t('test')}
          </AllowedButton>
        </span>
        <Refused error={test.error} />
        {test.data && <TestAnswer answer={test.data} />}
      </div>
    </Panel>
  );
}

function TestAnswer({ answer }: { answer: Answer<'testChannel'> }) {
  const t = useTranslations('console.channels');
  const duration = useDuration();
  const { ok, reason, status, upstream_message, latency_ms, first_token_ms, usage } = answer;
  const latency = duration(latency_ms);
  if (ok) {
    const took =
      first_token_ms === null
        ? t('testTookWhole', { latency })
        : t('testTook', { latency, first: duration(first_token_ms) });
    const used = usage && t('testUsed', { input: usage.input_tokens, output: usage.output_tokens });
    return (
      <Alert
        type="success"
        showIcon
        role="status"
        title={t('testGood')}
        description={
          <span className="twofold">
            <span>{took}</span>
            {used && <span>{used}</span>}
          </span>
        }
      />
    );
  }
  return (
    <Alert
      type="error"
      showIcon
      title={reason ? t(`reasons.${reason}`) : answer.message}
      description={
        <span className="twofold">
          {reason && <span>{t(`advice.${reason}`)}</span>}
          {upstream_message && <span>{t('upstreamSays', { words: upstream_message })}</span>}
          {status !== null && <small>{t('status', { status: String(status) })}</small>}
        </span>
      }
    />
  );
}

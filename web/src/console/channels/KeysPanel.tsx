import { Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { Again } from './ChannelState.tsx';
import type { Channel } from './channel-form.ts';

type Key = Channel['keys'][number];

const tones: Record<Key['state'], Tone> = { ready: 'good', resting: 'warning', refused: 'bad' };
const refreshes = ['listChannels', 'getChannel'] as const;

export function KeysPanel({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  return (
    <Panel title={t('keys')} note={t('keysNote')}>
      <div className="stack">
        <ul className="records">
          {channel.keys.map((key) => (
            <li key={key.id}>
              <KeyRecord channel={channel} of={key} />
            </li>
          ))}
        </ul>
        <AddKey id={channel.id} />
      </div>
    </Panel>
  );
}

function KeyRecord({ channel, of: key }: { channel: Channel; of: Key }) {
  const t = useTranslations('console.channels');
  const confirm = useConfirm();
  const remove = useChange('removeChannelKey', { refreshes });
  const prefix = key.prefix === null ? t('keyUnknown') : `${key.prefix}…`;
  const ask = () =>
    confirm({
      title: t('removeKeyTitle', { prefix }),
      content: t('removeKeyNote'),
      okText: t('removeKey'),
      isDanger: true,
      act: () => remove.mutateAsync({ params: { id: channel.id, key_id: key.id } }),
    });
  const isLast = channel.keys.length === 1;
  return (
    <div className="record">
      <span className="twofold">
        <code>{prefix}</code>
        <small>
          {t('keyAdded')} <When at={key.created_at} show="day" />
        </small>
      </span>
      <span className="twofold">
        <Status tone={tones[key.state]}>{t(`keyStates.${key.state}`)}</Status>
        {key.reason && <small>{t(`reasons.${key.reason}`)}</small>}
        {key.state !== 'ready' && <Again until={key.until} />}
      </span>
      <AllowedButton
        operation="removeChannelKey"
        size="small"
        danger
        blockedBecause={isLast ? t('lastKey') : undefined}
        aria-label={t('removeKeyNamed', { prefix })}
        onClick={ask}
      >
        {t('removeKey')}
      </AllowedButton>
    </div>
  );
}

function AddKey({ id }: { id: string }) {
  const t = useTranslations('console.channels');
  const [form] = Form.useForm<{ api_key: string }>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const add = useChange('addChannelKey', {
    refreshes,
    onDone: () => {
      form.resetFields();
      setIdempotencyKey(newIdempotencyKey());
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={(body) => add.mutate({ params: { id }, body, idempotencyKey })}
      onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
    >
      <Form.Item
        name="api_key"
        label={t('newKey')}
        extra={t('apiKeyNote')}
        rules={[{ required: true, whitespace: true, message: t('apiKeyRule') }]}
      >
        <Input.Password autoComplete="new-password" placeholder="sk-…" maxLength={2000} />
      </Form.Item>
      <div className="stack-tight">
        <Refused error={add.error} />
        <span>
          <AllowedButton operation="addChannelKey" htmlType="submit" loading={add.isPending}>
            {t('addKey')}
          </AllowedButton>
        </span>
      </div>
    </Form>
  );
}

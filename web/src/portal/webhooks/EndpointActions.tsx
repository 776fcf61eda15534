import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { EditEndpoint } from './EditEndpoint.tsx';
import { NewSecret } from './NewSecret.tsx';
import { deliveryReads, type Endpoint, endpointReads } from './webhook.ts';

interface OfEndpoint {
  endpoint: Endpoint;
}

export function EndpointActions({ endpoint }: OfEndpoint) {
  const t = useTranslations('webhooks');
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <TestEndpoint endpoint={endpoint} />
      <AllowedButton operation="updateWebhookEndpoint" onClick={() => setEditing(true)}>
        {t('edit')}
      </AllowedButton>
      <SwitchEndpoint endpoint={endpoint} />
      <RotateSecret endpoint={endpoint} />
      <RemoveEndpoint endpoint={endpoint} />
      {isEditing && <EditEndpoint endpoint={endpoint} onClose={() => setEditing(false)} />}
    </>
  );
}

/** Says why a change was refused, where no form is there to show it. */
function useTellRefusal(): (error: Error) => void {
  const { message } = App.useApp();
  const errorText = useErrorText();
  return (error) => void message.error(errorText(error));
}

function TestEndpoint({ endpoint: { id } }: OfEndpoint) {
  const t = useTranslations('webhooks');
  const { message } = App.useApp();
  const tellRefusal = useTellRefusal();
  const test = useChange('testWebhookEndpoint', {
    refreshes: deliveryReads,
    onDone: () => void message.success(t('testSent')),
  });
  const send = () =>
    test.mutate({ params: { id }, idempotencyKey: newIdempotencyKey() }, { onError: tellRefusal });
  return (
    <AllowedButton
      operation="testWebhookEndpoint"
      type="primary"
      loading={test.isPending}
      onClick={send}
    >
      {t('test')}
    </AllowedButton>
  );
}

function SwitchEndpoint({ endpoint: { id, status } }: OfEndpoint) {
  const t = useTranslations('webhooks');
  const tellRefusal = useTellRefusal();
  const update = useChange('updateWebhookEndpoint', { refreshes: endpointReads });
  const enabled = status === 'disabled';
  return (
    <AllowedButton
      operation="updateWebhookEndpoint"
      loading={update.isPending}
      onClick={() => update.mutate({ params: { id }, body: { enabled } }, { onError: tellRefusal })}
    >
      {enabled ? t('switchOn') : t('switchOff')}
    </AllowedButton>
  );
}

function RotateSecret({ endpoint: { id } }: OfEndpoint) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const { modal } = App.useApp();
  const tellRefusal = useTellRefusal();
  const [secret, setSecret] = useState<string>();
  const rotate = useChange('rotateWebhookSecret', {
    refreshes: endpointReads,
    onDone: (answer) => setSecret(answer.secret),
  });
  const ask = () => {
    const idempotencyKey = newIdempotencyKey();
    modal.confirm({
      title: t('rotateTitle'),
      content: t('rotateNote'),
      okText: t('rotate'),
      cancelText: tUi('cancel'),
      onOk: () => rotate.mutateAsync({ params: { id }, idempotencyKey }).catch(tellRefusal),
    });
  };
  return (
    <>
      <AllowedButton operation="rotateWebhookSecret" onClick={ask}>
        {t('rotate')}
      </AllowedButton>
      {secret !== undefined && <NewSecret secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}

function RemoveEndpoint({ endpoint: { id } }: OfEndpoint) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const tellRefusal = useTellRefusal();
  const remove = useChange('deleteWebhookEndpoint', {
    refreshes: ['listWebhookEndpoints'],
    onDone: () => void navigate({ to: paths.webhooks }),
  });
  const ask = () =>
    modal.confirm({
      title: t('removeTitle'),
      content: t('removeNote'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      cancelText: tUi('cancel'),
      onOk: () => remove.mutateAsync({ params: { id } }).catch(tellRefusal),
    });
  return (
    <AllowedButton operation="deleteWebhookEndpoint" danger onClick={ask}>
      {t('remove')}
    </AllowedButton>
  );
}

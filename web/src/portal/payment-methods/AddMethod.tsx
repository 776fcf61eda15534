import { useNavigate } from '@tanstack/react-router';
import { Form, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { meansName, type OfferedProvider } from '../../features/payment/providers.ts';
import { paths } from '../../paths.ts';

interface AddMethodProps {
  providers: readonly OfferedProvider[];
  onClose: () => void;
}

/** Asks where a method is kept; the payer tells its numbers to that provider, never to us. */
export function AddMethod({ providers, onClose }: AddMethodProps) {
  const t = useTranslations('paymentMethods');
  const tUi = useTranslations('ui');
  const locale = useLocale();
  const choices = providers.flatMap(({ provider, name, means }) =>
    means.length < 2
      ? [{ key: provider, body: { provider }, label: name }]
      : means.map(({ id, label }) => ({
          key: `${provider}/${id}`,
          body: { provider, means: id },
          label: meansName(name, label[locale === 'zh-CN' ? 'zh-CN' : 'en']),
        })),
  );
  const [key, setKey] = useState(choices[0]?.key);
  const chosen = choices.find((choice) => choice.key === key);
  const setUp = useSetUp(onClose);
  return (
    <Modal
      open
      closable={false}
      title={t('addTitle')}
      okText={t('continue')}
      cancelText={tUi('cancel')}
      okButtonProps={{ disabled: !chosen, loading: setUp.isPending }}
      onOk={() => chosen && setUp.start(chosen.body)}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('addNote')}</p>
        <Form.Item label={t('where')} layout="vertical">
          <Radio.Group
            className="choices"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          >
            {choices.map((choice) => (
              <Radio key={choice.key} value={choice.key}>
                {choice.label}
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Refused error={setUp.error} />
      </div>
    </Modal>
  );
}

/** A redirect leaves the app and comes back to the page; everything else is shown there. */
function useSetUp(onClose: () => void) {
  const navigate = useNavigate();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const setUp = useChange('setUpPaymentMethod', {
    onDone: ({ setup }) => {
      if (setup.status === 'pending' && setup.next.type === 'redirect') {
        location.assign(setup.next.url);
        return;
      }
      onClose();
      void navigate({ to: paths.paymentMethods, search: { setup: setup.id } });
    },
  });
  return {
    isPending: setUp.isPending,
    error: setUp.error,
    start: (body: { provider: string; means?: string }) =>
      setUp.mutate({ body, idempotencyKey: `${idempotencyKey}-${Object.values(body).join('-')}` }),
  };
}

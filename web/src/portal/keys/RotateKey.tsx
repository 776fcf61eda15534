import { Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { NewSecret } from './NewSecret.tsx';

type ApiKey = Answer<'listApiKeys'>['data'][number];

const graces = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
type Grace = keyof typeof graces;

/** Gives a key a new secret; the old one works on for the chosen time, so that programs can be changed one by one. */
export function RotateKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('keys');
  const tUi = useTranslations('ui');
  const [grace, setGrace] = useState<Grace>('day');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const rotate = useChange('rotateApiKey', { refreshes: ['listApiKeys'] });
  if (rotate.data) return <NewSecret secret={rotate.data.key} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('rotateTitle', { name: apiKey.name })}
      okText={t('rotate')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: rotate.isPending }}
      onOk={() =>
        rotate.mutate({
          idempotencyKey,
          params: { id: apiKey.id },
          body: { grace_seconds: graces[grace] },
        })
      }
      onCancel={onClose}
    >
      <Refused error={rotate.error} />
      <p>{t('rotateNote')}</p>
      <Form layout="vertical">
        <Form.Item label={t('grace')}>
          <Select<Grace>
            aria-label={t('grace')}
            value={grace}
            onChange={setGrace}
            options={(Object.keys(graces) as Grace[]).map((value) => ({
              value,
              label: t(`graces.${value}`),
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

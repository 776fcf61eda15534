import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { forgetSession } from '../../features/session/session.ts';
import { paths } from '../../paths.ts';
import { ProveAgain, wantsProof } from './ProveAgain.tsx';

/** Says what goes and what stays, asks once more who it is, and leaves. */
export function DeleteAccount({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security.data');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isSure, setSure] = useState(false);
  const remove = useChange('deleteMe', {
    onDone: async () => {
      void message.success(t('deleted'));
      await navigate({ to: paths.landing });
      forgetSession(client);
    },
  });
  const asksProof = wantsProof(remove.error);
  return (
    <>
      <Modal
        open
        closable={false}
        title={t('deleteTitle')}
        okText={t('delete')}
        cancelText={tUi('cancel')}
        okButtonProps={{ danger: true, disabled: !isSure, loading: remove.isPending }}
        onOk={() => remove.mutate({ body: {} })}
        onCancel={onClose}
      >
        <div className="stack">
          <p>{t('deleteNote')}</p>
          <Checkbox checked={isSure} onChange={(event) => setSure(event.target.checked)}>
            {t('deleteCheck')}
          </Checkbox>
          <Refused error={asksProof ? null : remove.error} />
        </div>
      </Modal>
      {asksProof && (
        <ProveAgain
          error={remove.error}
          isPending={remove.isPending}
          onProof={(body) => remove.mutate({ body })}
          onCancel={remove.reset}
        />
      )}
    </>
  );
}

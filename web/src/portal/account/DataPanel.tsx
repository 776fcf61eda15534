import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { callFile } from '../../api/call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { DeleteAccount } from './DeleteAccount.tsx';

/** Taking one's data along, and leaving. */
export function DataPanel() {
  const t = useTranslations('security.data');
  const [isDeleting, setDeleting] = useState(false);
  const download = useMutation({ mutationFn: () => callFile('exportMe'), onSuccess: saveFile });
  return (
    <Panel title={t('title')} note={t('note')}>
      <Refused error={download.error} />
      <div className="actions">
        <AllowedButton
          operation="exportMe"
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          {t('export')}
        </AllowedButton>
        <AllowedButton operation="deleteMe" danger onClick={() => setDeleting(true)}>
          {t('delete')}
        </AllowedButton>
      </div>
      {isDeleting && <DeleteAccount onClose={() => setDeleting(false)} />}
    </Panel>
  );
}

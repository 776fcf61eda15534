import { Alert, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useSession } from '../../features/session/session.ts';
import { Panel } from '../../ui/Panel.tsx';

/** A password is changed through the mailbox, so that an open browser alone cannot take the account over. */
export function PasswordPanel() {
  const t = useTranslations('account');
  const { email } = useSession().user;
  const send = useChange('forgotPassword');
  return (
    <Panel title={t('password')} note={t('passwordNote', { email })}>
      <Refused error={send.error} />
      {send.isSuccess ? (
        <Alert type="success" showIcon title={t('linkSent', { email })} />
      ) : (
        <div>
          <Button onClick={() => send.mutate({ body: { email } })} loading={send.isPending}>
            {t('sendLink')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

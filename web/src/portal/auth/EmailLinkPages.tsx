/** Pages behind the links of a change of mail address. They wait for a press: programs that read mail open links, too. */
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { securityWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { AuthPanel } from './AuthPanel.tsx';

const confirmRoute = getRouteApi('/open/auth/confirm-email');
const undoRoute = getRouteApi('/open/auth/undo-email');

export function ConfirmEmailPage() {
  const { token } = confirmRoute.useSearch();
  return (
    <WithWords words={securityWords}>
      <EmailLink operation="confirmEmail" token={token} />
    </WithWords>
  );
}

export function UndoEmailPage() {
  const { token } = undoRoute.useSearch();
  return (
    <WithWords words={securityWords}>
      <EmailLink operation="undoEmail" token={token} />
    </WithWords>
  );
}

const words = {
  confirmEmail: {
    title: 'confirmTitle',
    note: 'confirmNote',
    action: 'confirm',
    done: 'confirmed',
  },
  undoEmail: { title: 'undoTitle', note: 'undoNote', action: 'undo', done: 'undone' },
} as const;

interface EmailLinkProps {
  operation: keyof typeof words;
  token: string | undefined;
}

function EmailLink({ operation, token }: EmailLinkProps) {
  const t = useTranslations('security.email');
  const tAuth = useTranslations('auth');
  const { title, note, action, done } = words[operation];
  const change = useChange(operation, { refreshes: ['getMe', 'getMySecurity'] });
  if (change.data) {
    return (
      <AuthPanel title={t(title)}>
        <Alert type="success" showIcon title={t(done, { email: change.data.user.email })} />
        <ButtonLink to={paths.signIn} isPrimary>
          {tAuth('toSignIn')}
        </ButtonLink>
      </AuthPanel>
    );
  }
  return (
    <AuthPanel title={t(title)}>
      {token === undefined ? (
        <Alert type="warning" showIcon title={tAuth('linkMissing')} />
      ) : (
        <>
          <p>{t(note)}</p>
          <Refused error={change.error} />
          <Button
            type="primary"
            block
            loading={change.isPending}
            onClick={() => change.mutate({ body: { token } })}
          >
            {t(action)}
          </Button>
        </>
      )}
    </AuthPanel>
  );
}

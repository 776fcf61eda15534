import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { call, type Request } from '../../api/call.ts';
import { Refused } from '../../features/errors/Failure.tsx';

/** Has the browser ask for any passkey that it has for us; the library for that comes only now. */
async function signIn() {
  const { options } = await call('beginPasskeySignIn', { body: {} });
  const { startAuthentication } = await import('@simplewebauthn/browser');
  type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];
  const credential = await startAuthentication({ optionsJSON: options as unknown as Options });
  const body = { credential } as unknown as Request<'signInWithPasskey'>['body'];
  return call('signInWithPasskey', { body });
}

/** Signs in without a name or a password. */
export function PasskeyButton({ onDone }: { onDone: () => Promise<void> }) {
  const t = useTranslations('auth');
  const enter = useMutation({ mutationFn: signIn, onSuccess: onDone });
  const isBrowsers = enter.error !== null && !(enter.error instanceof ApiError);
  return (
    <div className="stack-tight">
      <Button block loading={enter.isPending} onClick={() => enter.mutate()}>
        {t('passkey')}
      </Button>
      {isBrowsers && <Alert type="info" showIcon title={t('passkeyCanceled')} />}
      <Refused error={isBrowsers ? null : enter.error} />
    </div>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { AuthPanel } from './AuthPanel.tsx';

const route = getRouteApi('/open/auth/verify-email');

export function VerifyEmailPage() {
  const t = useTranslations('auth');
  const { token } = route.useSearch();
  const verification = useChange('verifyEmail', { refreshes: ['getMe'] });
  const isSent = useRef(false);
  const { mutate } = verification;
  useEffect(() => {
    // A token works once; React runs effects twice in development.
    if (!token || isSent.current) return;
    isSent.current = true;
    mutate({ body: { token } });
  }, [token, mutate]);
  return (
    <AuthPanel title={t('verifyTitle')}>
      {!token && <Alert type="warning" showIcon title={t('linkMissing')} />}
      {token && !verification.isSuccess && !verification.error && (
        <>
          <p>{t('verifying')}</p>
          <Loading rows={2} />
        </>
      )}
      <Refused error={verification.error} />
      {verification.isSuccess && <Alert type="success" showIcon title={t('verified')} />}
      <ButtonLink to={paths.signIn} isPrimary={verification.isSuccess}>
        {t('toSignIn')}
      </ButtonLink>
    </AuthPanel>
  );
}

import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { ApiError } from '../api/api-error.ts';
import { Failure } from '../features/errors/Failure.tsx';
import { ButtonLink } from '../features/navigation/ButtonLink.tsx';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';

export function NotFound() {
  const t = useTranslations('layout');
  return (
    <main className="centered">
      <EmptyState
        title={t('notFoundTitle')}
        action={<ButtonLink to={paths.landing}>{t('home')}</ButtonLink>}
      >
        {t('notFoundNote')}
      </EmptyState>
    </main>
  );
}

/** A page that threw: the rest of the app stays, and loading again is one press away. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  const t = useTranslations('layout');
  if (error instanceof ApiError) return <Failure error={error} onRetry={reset} />;
  return (
    <div className="centered" role="alert">
      <EmptyState
        title={t('crashedTitle')}
        action={<Button onClick={() => location.reload()}>{t('reload')}</Button>}
      >
        {t('crashedNote')}
      </EmptyState>
    </div>
  );
}

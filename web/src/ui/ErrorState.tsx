import { Button } from 'antd';
import { useTranslations } from 'use-intl';

interface ErrorStateProps {
  /** A sentence a person understands. */
  message: string;
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
}

/** What happened, that nothing was lost, and what to do. */
export function ErrorState({ message, requestId, onRetry }: ErrorStateProps) {
  const t = useTranslations('ui');
  return (
    <div className="empty" role="alert">
      <strong>{t('failedTitle')}</strong>
      <p>{message}</p>
      <p>{t('failedNote')}</p>
      {requestId && <code className="request-id">{requestId}</code>}
      {onRetry && <Button onClick={onRetry}>{t('retry')}</Button>}
    </div>
  );
}

import { Alert } from 'antd';
import { ApiError } from '../../api/api-error.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { useErrorText } from './error-text.ts';

/** A read that failed, in place of what it would have shown. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const errorText = useErrorText();
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return <ErrorState message={errorText(error)} requestId={requestId} onRetry={onRetry} />;
}

/** A change that was refused, beside the form or question that asked for it. */
export function Refused({ error }: { error: Error | null }) {
  const errorText = useErrorText();
  if (!error) return null;
  return <Alert type="error" showIcon title={errorText(error)} />;
}

export function renderFailure(error: Error, onRetry: () => void) {
  return <Failure error={error} onRetry={onRetry} />;
}

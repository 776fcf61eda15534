import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { Operation } from './OperationProgress.tsx';

const refreshes = ['listOperations', 'listBillingRuns', 'listCallExports'] as const;

/** Stopping what runs, resuming what does not; what only its command can resume says so. */
export function OperationActions({ operation }: { operation: Operation }) {
  const { state, can_stop: canStop, can_resume: canResume } = operation;
  const hasEnded = state === 'stopped' || state === 'interrupted' || state === 'failed';
  return (
    <span className="actions">
      {canStop && <StopButton operation={operation} />}
      {hasEnded && <ResumeButton operation={operation} canResume={canResume} />}
    </span>
  );
}

function StopButton({ operation: { id } }: { operation: Operation }) {
  const t = useTranslations('console.jobs');
  const { message } = App.useApp();
  const confirm = useConfirm();
  const stop = useChange('stopOperation', {
    refreshes,
    onDone: () => void message.success(t('stopping')),
  });
  const ask = () =>
    confirm({
      title: t('stopTitle'),
      content: t('stopNote'),
      okText: t('stop'),
      isDanger: true,
      act: () => stop.mutateAsync({ params: { id }, body: {} }),
    });
  return (
    <AllowedButton size="small" operation="stopOperation" loading={stop.isPending} onClick={ask}>
      {t('stop')}
    </AllowedButton>
  );
}

function ResumeButton({
  operation: { id },
  canResume,
}: {
  operation: Operation;
  canResume: boolean;
}) {
  const t = useTranslations('console.jobs');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const resume = useChange('resumeOperation', {
    refreshes,
    onDone: () => void message.success(t('resumed')),
  });
  const ask = () =>
    resume.mutate(
      { params: { id }, body: {} },
      { onError: (error) => void message.error(errorText(error)) },
    );
  return (
    <AllowedButton
      size="small"
      operation="resumeOperation"
      blockedBecause={canResume ? undefined : t('resumeElsewhere')}
      loading={resume.isPending}
      onClick={ask}
    >
      {t('resume')}
    </AllowedButton>
  );
}

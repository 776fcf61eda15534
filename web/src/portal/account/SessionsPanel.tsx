import { useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Session = Answer<'listMySessions'>['data'][number];

/** Where the person is signed in. */
export function SessionsPanel() {
  const t = useTranslations('security.sessions');
  const tUi = useTranslations('ui');
  const { message, modal } = App.useApp();
  const endOthers = useChange('endOtherSessions', {
    refreshes: ['listMySessions'],
    onDone: ({ ended }) => void message.success(t('othersEnded', { count: ended })),
  });
  const ask = () =>
    modal.confirm({
      title: t('endOthersTitle'),
      content: t('endOthersNote'),
      okText: t('endOthers'),
      cancelText: tUi('cancel'),
      onOk: () => endOthers.mutateAsync({ body: {} }).catch(() => undefined),
    });
  return (
    <Panel
      title={t('title')}
      note={t('note')}
      actions={
        <AllowedButton operation="endOtherSessions" loading={endOthers.isPending} onClick={ask}>
          {t('endOthers')}
        </AllowedButton>
      }
    >
      <Refused error={endOthers.error} />
      <Sessions />
    </Panel>
  );
}

function Sessions() {
  const sessions = useQuery(reading('listMySessions'));
  if (sessions.error && !sessions.data) {
    return <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  if (!sessions.data) return <Loading rows={3} />;
  return (
    <ul className="records">
      {sessions.data.data.map((session) => (
        <li key={session.id}>
          <Row session={session} />
        </li>
      ))}
    </ul>
  );
}

function Row({ session }: { session: Session }) {
  const t = useTranslations('security.sessions');
  const { message } = App.useApp();
  const end = useChange('endMySession', {
    refreshes: ['listMySessions'],
    onDone: () => void message.success(t('ended')),
  });
  const device = session.device ?? t('unknownDevice');
  const how = [t(`methods.${session.method}`), session.has_second_factor && t('twoFactors')];
  return (
    <div className="record">
      <div>
        <strong>{device}</strong> {session.current && <Status tone="good">{t('current')}</Status>}
        <p className="soft">
          {[session.ip, ...how].filter(Boolean).join(' · ')}
          <br />
          {t('since')} <When at={session.created_at} /> · {t('seen')}{' '}
          <When at={session.last_seen_at} />
        </p>
        <Refused error={end.error} />
      </div>
      {!session.current && (
        <div className="actions">
          <AllowedButton
            operation="endMySession"
            aria-label={t('endNamed', { device })}
            loading={end.isPending}
            onClick={() => end.mutate({ params: { id: session.id } })}
          >
            {t('end')}
          </AllowedButton>
        </div>
      )}
    </div>
  );
}

/** One notification as it came, and its replay. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { App } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { OutcomeStatus } from './OutcomeStatus.tsx';

const route = getRouteApi('/console/admin/webhook-inbox/$id');

type Detail = Answer<'getPaymentNotification'>;

export function NotificationPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.inbox');
  const notification = useQuery(reading('getPaymentNotification', { params: { id } }));
  return (
    <div className="page">
      <PageHeader
        title={t('one')}
        note={<Link to={paths.consoleInbox}>{t('all')}</Link>}
        actions={notification.data && <Replay notification={notification.data} />}
      />
      {notification.data && <Shown notification={notification.data} />}
      {notification.isPending && <Loading rows={10} />}
      {notification.error && !notification.data && (
        <Failure error={notification.error} onRetry={() => void notification.refetch()} />
      )}
    </div>
  );
}

function Replay({ notification: { id, is_cut } }: { notification: Detail }) {
  const t = useTranslations('console.inbox');
  const { message } = App.useApp();
  const confirm = useConfirm();
  const replay = useChange('replayPaymentNotification', {
    refreshes: ['getPaymentNotification', 'listPaymentNotifications', 'listProviders'],
    onDone: ({ outcome }) =>
      void message.info(t('replayed', { outcome: t(`outcomes.${outcome}`) })),
  });
  return (
    <AllowedButton
      operation="replayPaymentNotification"
      type="primary"
      loading={replay.isPending}
      blockedBecause={is_cut ? t('cutNote') : undefined}
      onClick={() =>
        confirm({
          title: t('replayTitle'),
          content: t('replayNote'),
          okText: t('replay'),
          act: () => replay.mutateAsync({ params: { id } }),
        })
      }
    >
      {t('replay')}
    </AllowedButton>
  );
}

function Shown({ notification }: { notification: Detail }) {
  const t = useTranslations('console.inbox');
  const tUi = useTranslations('ui');
  const { outcome, reason, next_try_at, handled_at, query, body, headers } = notification;
  const text = readable(body);
  const { data } = useQuery(reading('listProviders'));
  const known = data?.data.find(({ provider }) => provider === notification.provider);
  const name = known?.name ?? notification.provider;
  return (
    <>
      <Panel>
        <Facts
          items={[
            { label: 'ID', value: <Id value={notification.id} isShort /> },
            { label: t('provider'), value: name },
            { label: tUi('status'), value: <OutcomeStatus outcome={outcome} /> },
            { label: t('verified'), value: t(notification.is_verified ? 'proven' : 'unproven') },
            {
              label: t('received'),
              value: <When at={notification.received_at} show="second" />,
            },
            { label: t('deliveries'), value: t('times', { count: notification.deliveries }) },
            { label: t('tries'), value: t('times', { count: notification.tries }) },
            { label: t('address'), value: notification.address ?? '–' },
            ...(handled_at
              ? [{ label: t('handled'), value: <When at={handled_at} show="second" /> }]
              : []),
            ...(next_try_at
              ? [{ label: t('nextTry'), value: <When at={next_try_at} show="second" /> }]
              : []),
          ]}
        />
        {reason && <Facts as="wide" items={[{ label: t('why'), value: reason }]} />}
        <p className="soft">{t(`outcomeNotes.${outcome}`)}</p>
      </Panel>
      {query && (
        <Panel title={t('query')}>
          <CodeBlock code={query} copyLabel={t('copyQuery')} />
        </Panel>
      )}
      <Panel title={t('body')} note={t('bytes', { count: notification.body_bytes })}>
        {notification.is_cut && <p className="soft">{t('cutNote')}</p>}
        {text ? (
          <CodeBlock code={text} copyLabel={t('copyBody')} />
        ) : (
          <p className="soft">{t('noBody')}</p>
        )}
      </Panel>
      <Panel title={t('headers')}>
        <Facts
          as="wide"
          items={Object.entries(headers).map(([label, value]) => ({
            label,
            value: <code className="value">{value}</code>,
          }))}
        />
      </Panel>
    </>
  );
}

/** JSON with its lines broken; anything else as it came. */
function readable(body: string): string {
  if (!body.startsWith('{')) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

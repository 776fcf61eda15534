import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { webhookWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { DeliveriesPanel } from './DeliveriesPanel.tsx';
import { EndpointActions } from './EndpointActions.tsx';
import { EndpointStatus } from './EndpointStatus.tsx';
import type { Endpoint } from './webhook.ts';

const route = getRouteApi('/portal/webhooks/$id');

/** One endpoint: what it is told, whether it takes it, and everything that was sent to it. */
export function EndpointPage() {
  return (
    <WithWords words={webhookWords}>
      <One />
    </WithWords>
  );
}

function One() {
  const { id } = route.useParams();
  const t = useTranslations('webhooks');
  const endpoint = useQuery(reading('getWebhookEndpoint', { params: { id } }));
  const shown = endpoint.data;
  return (
    <div className="page">
      <PageHeader
        title={shown?.description || t('endpoint')}
        note={<Link to={paths.webhooks}>{t('all')}</Link>}
        actions={shown && <EndpointActions endpoint={shown} />}
      />
      {endpoint.error && !shown && (
        <Failure error={endpoint.error} onRetry={() => void endpoint.refetch()} />
      )}
      {endpoint.isPending && <Loading rows={8} />}
      {shown && (
        <>
          <Panel>
            <Standing endpoint={shown} />
            <Described endpoint={shown} />
          </Panel>
          <DeliveriesPanel endpoint={shown} />
        </>
      )}
    </div>
  );
}

/** Why nothing, or nothing more, is sent there. */
function Standing({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks');
  const { disabled_reason: reason, failing_since: since } = endpoint;
  if (reason !== null) {
    return <Alert type="warning" showIcon title={t(`reasons.${reason}`)} />;
  }
  if (since === null) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={t.rich('failingSince', { when: () => <When at={since} /> })}
    />
  );
}

function Described({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const { events, previous_secret_expires_at: until } = endpoint;
  return (
    <>
      <Facts
        as="wide"
        items={[
          { label: t('url'), value: <code className="value">{endpoint.url}</code> },
          {
            label: t('events'),
            value: events === null ? t('everyEvent') : events.join(', '),
          },
        ]}
      />
      <Facts
        items={[
          { label: tUi('status'), value: <EndpointStatus endpoint={endpoint} /> },
          { label: t('endpoint'), value: <Id value={endpoint.id} /> },
          { label: t('created'), value: <When at={endpoint.created_at} /> },
        ]}
      />
      {until !== null && (
        <p className="soft">{t.rich('previousUntil', { when: () => <When at={until} /> })}</p>
      )}
    </>
  );
}

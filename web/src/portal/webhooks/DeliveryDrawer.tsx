import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { DeliveryStatus } from './EndpointStatus.tsx';
import { RetryDelivery } from './RetryDelivery.tsx';
import type { DeliveryDetails, Endpoint } from './webhook.ts';

interface DeliveryDrawerProps {
  id: string;
  endpoint: Endpoint;
  onClose: () => void;
}

/** What was sent, and what every try was answered. */
export function DeliveryDrawer({ id, endpoint, onClose }: DeliveryDrawerProps) {
  const t = useTranslations('webhooks');
  const delivery = useQuery({
    ...reading('getWebhookDelivery', { params: { id } }),
    // While it waits, whoever looks sees it turn.
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? 3_000 : false),
  });
  const shown = delivery.data;
  return (
    <Drawer
      open
      size={720}
      title={shown?.event ?? t('delivery')}
      extra={shown && <RetryDelivery delivery={shown} endpoint={endpoint} />}
      onClose={onClose}
    >
      {delivery.error && !shown && (
        <Failure error={delivery.error} onRetry={() => void delivery.refetch()} />
      )}
      {delivery.isPending && <Loading rows={6} />}
      {shown && <Shown delivery={shown} />}
    </Drawer>
  );
}

function Shown({ delivery }: { delivery: DeliveryDetails }) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const { next_try_at: next } = delivery;
  return (
    <div className="stack">
      <Facts
        items={[
          { label: tUi('status'), value: <DeliveryStatus status={delivery.status} /> },
          { label: tUi('time'), value: <When at={delivery.created_at} show="second" /> },
          ...(next === null ? [] : [{ label: t('next'), value: <When at={next} show="second" /> }]),
          { label: t('delivery'), value: <Id value={delivery.id} /> },
          { label: t('message'), value: <Id value={delivery.message} /> },
        ]}
      />
      <h3>{t('attempts')}</h3>
      <Attempts delivery={delivery} />
      <h3>{t('body')}</h3>
      <CodeBlock code={readable(delivery.body)} copyLabel={t('copyBody')} />
    </div>
  );
}

type Attempt = DeliveryDetails['attempts'][number];

function Attempts({ delivery }: { delivery: DeliveryDetails }) {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const tOutcome = useTranslations('webhooks.outcomes');
  const columns: Column<Attempt>[] = [
    { title: t('number'), cell: ({ number }) => number },
    { title: tUi('time'), cell: (attempt) => <When at={attempt.started_at} show="second" /> },
    {
      title: t('outcome'),
      cell: ({ outcome }) => (outcome === null ? t('underWay') : tOutcome(outcome)),
    },
    { title: t('answer'), cell: (attempt) => attempt.response_status ?? '–' },
    {
      title: t('duration'),
      cell: ({ duration_ms: took }) => (took === null ? '–' : t('milliseconds', { count: took })),
    },
    {
      title: t('excerpt'),
      cell: ({ response_excerpt: excerpt, error }) => (
        <code className="value">{excerpt || error || '–'}</code>
      ),
    },
  ];
  return (
    <DataTable
      label={t('attempts')}
      list={settledList([...delivery.attempts])}
      columns={columns}
      rowKey={({ number }) => String(number)}
      renderError={() => null}
      empty={<p className="soft">{tUi('none')}</p>}
    />
  );
}

/** With line breaks, for people; what is signed has none. */
function readable(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}

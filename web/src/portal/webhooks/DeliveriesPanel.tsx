import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { DeliveryDrawer } from './DeliveryDrawer.tsx';
import { DeliveryStatus } from './EndpointStatus.tsx';
import { RetryDelivery } from './RetryDelivery.tsx';
import type { Delivery, Endpoint } from './webhook.ts';

const route = getRouteApi('/portal/webhooks/$id');
/** Whoever tests waits for what comes of it. */
const refetchIntervalMs = 3_000;
const states = ['pending', 'delivered', 'failed'] as const;

/** What was sent to an endpoint; filters and the delivery that is looked at are in the address. */
export function DeliveriesPanel({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('webhooks');
  const { status, event, delivery } = route.useSearch();
  const set = useSetSearch();
  const known = states.find((state) => state === status);
  const deliveries = usePages(
    'listWebhookDeliveries',
    {
      params: { id: endpoint.id },
      query: { ...(known && { status: known }), ...(event && { event }) },
    },
    { refetchIntervalMs },
  );
  const columns = useColumns(endpoint);
  const isFiltered = known !== undefined || event !== undefined;
  return (
    <Panel title={t('deliveries')} note={t('deliveriesNote')}>
      <Filters />
      <DataTable
        label={t('deliveries')}
        list={deliveries}
        columns={columns}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          isFiltered ? (
            <EmptyState title={t('noneMatch')}>{t('noneMatchNote')}</EmptyState>
          ) : (
            <EmptyState title={t('noDeliveries')}>{t('noDeliveriesNote')}</EmptyState>
          )
        }
      />
      {delivery !== undefined && (
        <DeliveryDrawer id={delivery} endpoint={endpoint} onClose={() => set({ delivery: '' })} />
      )}
    </Panel>
  );
}

/** What is empty leaves the address. */
type Search = { [K in 'status' | 'event' | 'delivery']?: string };

function useSetSearch(): (change: Search) => void {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  return (change) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value !== '');
    void navigate({
      to: paths.webhook,
      params: { id },
      search: Object.fromEntries(next),
      replace: true,
    });
  };
}

function Filters() {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const tState = useTranslations('webhooks.state');
  const { status, event } = route.useSearch();
  const set = useSetSearch();
  const { data } = useQuery(reading('listWebhookEvents'));
  return (
    <div className="actions">
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={status}
        options={states.map((value) => ({ value, label: tState(value) }))}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceFilter
        label={t('event')}
        any={t('anyEvent')}
        value={event}
        options={[...(data?.data ?? []).map(({ event: name }) => name), 'webhook.test'].map(
          (value) => ({ value, label: value }),
        )}
        onChange={(value) => set({ event: value })}
      />
    </div>
  );
}

function useColumns(endpoint: Endpoint): Column<Delivery>[] {
  const t = useTranslations('webhooks');
  const tUi = useTranslations('ui');
  const set = useSetSearch();
  return [
    { title: tUi('time'), cell: (delivery) => <When at={delivery.created_at} show="second" /> },
    { title: t('event'), cell: ({ event }) => <code>{event}</code> },
    { title: tUi('status'), cell: ({ status }) => <DeliveryStatus status={status} /> },
    { title: t('answer'), cell: (delivery) => delivery.response_status ?? '–', align: 'end' },
    { title: t('tries'), cell: ({ tries }) => tries, align: 'end' },
    {
      title: t('next'),
      cell: ({ next_try_at: at }) => (at ? <When at={at} show="second" /> : '–'),
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (delivery) => (
        <div className="actions">
          <Button
            size="small"
            aria-label={t('detailsOf', { event: delivery.event, id: delivery.id })}
            onClick={() => set({ delivery: delivery.id })}
          >
            {t('details')}
          </Button>
          <RetryDelivery delivery={delivery} endpoint={endpoint} />
        </div>
      ),
    },
  ];
}

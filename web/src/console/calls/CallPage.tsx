import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ReceiptPanels } from '../../features/receipt/ReceiptPanels.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

const route = getRouteApi('/console/admin/calls/$id');

export function CallPage() {
  const { id } = route.useParams();
  const t = useTranslations('receipt');
  const receipt = useQuery(reading('inspectReceipt', { params: { request_id: id } }));
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={receipt.data?.model}
        actions={<Link to={paths.consoleCalls}>{t('back')}</Link>}
      />
      {receipt.error && <Failure error={receipt.error} onRetry={() => void receipt.refetch()} />}
      {receipt.isPending && <Loading rows={8} />}
      {receipt.data && (
        <>
          <CallerPanel receipt={receipt.data} />
          <ReceiptPanels receipt={receipt.data} />
        </>
      )}
    </div>
  );
}

type Receipt = Answer<'inspectReceipt'>;

/** Whose call it was, and which upstream account served it. */
function CallerPanel({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('console.calls');
  const amountOr = (value: string | null) =>
    value === null ? t('unknown') : <Amount value={value} currency={receipt.currency} isExact />;
  return (
    <Panel>
      <Facts
        items={[
          { label: t('customer'), value: <OrganizationLink id={receipt.organization} /> },
          { label: t('channel'), value: <ChannelName id={receipt.channel} /> },
          { label: t('upstreamCost'), value: amountOr(receipt.cost) },
          ...(receipt.margin === null
            ? []
            : [{ label: t('margin'), value: amountOr(receipt.margin) }]),
          { label: t('attempts'), value: receipt.attempts },
          ...(receipt.surface
            ? [{ label: t('surface'), value: <code>{receipt.surface}</code> }]
            : []),
          ...(receipt.upstream_model
            ? [{ label: t('upstreamModel'), value: <code>{receipt.upstream_model}</code> }]
            : []),
        ]}
      />
    </Panel>
  );
}

/** A channel that was deleted since is known by its id only. */
function ChannelName({ id }: { id: string | null }) {
  const channel = useQuery({
    ...reading('getChannel', { params: { id: id ?? '' } }),
    enabled: id !== null,
  });
  if (id === null) return '–';
  if (!channel.data) return <code>{id}</code>;
  return (
    <Link to={paths.consoleChannels} search={{ edit: id }}>
      {channel.data.name}
    </Link>
  );
}

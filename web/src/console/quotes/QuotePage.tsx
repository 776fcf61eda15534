/** One quote: what it says to the customer, what its acceptance would invoice now, and what became of it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { LineList } from '../../features/invoice/LineList.tsx';
import { QuoteStatus } from '../../features/quotes/QuoteStatus.tsx';
import { QuoteTerms } from '../../features/quotes/QuoteTerms.tsx';
import type { Quote } from '../../features/quotes/quote.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { EditQuote, quoteReads } from './QuoteDrawer.tsx';

const route = getRouteApi('/console/admin/quotes/$id');

export function QuotePage() {
  const { id } = route.useParams();
  const { edit } = route.useSearch();
  const t = useTranslations('console.quotes');
  const navigate = useNavigate();
  const quote = useQuery(reading('inspectQuote', { params: { id } }));
  const show = (search: { edit?: string }) =>
    void navigate({ to: paths.consoleQuote, params: { id }, search, replace: true });
  return (
    <div className="page">
      <PageHeader
        title={quote.data?.name ?? t('one')}
        note={<Link to={paths.consoleQuotes}>{t('all')}</Link>}
        actions={quote.data && <Actions quote={quote.data} onEdit={() => show({ edit: 'yes' })} />}
      />
      {quote.error && !quote.data && (
        <Failure error={quote.error} onRetry={() => void quote.refetch()} />
      )}
      {quote.isPending && <Loading rows={10} />}
      {quote.data && <Shown quote={quote.data} />}
      {edit && quote.data?.actions.includes('edit') && (
        <EditQuote quote={quote.data} onClose={() => show({})} />
      )}
    </div>
  );
}

function Actions({ quote, onEdit }: { quote: Quote; onEdit: () => void }) {
  const t = useTranslations('console.quotes');
  const confirm = useConfirm();
  const send = useChange('sendQuote', { refreshes: quoteReads });
  const withdraw = useChange('withdrawQuote', { refreshes: quoteReads });
  const { id, name, actions } = quote;
  const askToSend = () =>
    confirm({
      title: t('sendTitle', { name }),
      content: t('sendNote'),
      okText: t('send'),
      act: () => send.mutateAsync({ params: { id } }),
    });
  const askToWithdraw = () =>
    confirm({
      title: t('withdrawTitle', { name }),
      content: t('withdrawNote'),
      okText: t('withdraw'),
      isDanger: true,
      act: () => withdraw.mutateAsync({ params: { id } }),
    });
  return (
    <>
      {actions.includes('withdraw') && (
        <AllowedButton operation="withdrawQuote" danger onClick={askToWithdraw}>
          {t('withdraw')}
        </AllowedButton>
      )}
      {actions.includes('edit') && (
        <AllowedButton operation="updateQuote" onClick={onEdit}>
          {t('edit')}
        </AllowedButton>
      )}
      {quote.status === 'draft' && (
        <AllowedButton
          operation="sendQuote"
          type="primary"
          blockedBecause={actions.includes('send') ? undefined : t('over')}
          onClick={askToSend}
        >
          {t('send')}
        </AllowedButton>
      )}
    </>
  );
}

function Shown({ quote }: { quote: Quote }) {
  const t = useTranslations('console.quotes');
  const isOpen = quote.status === 'draft' || quote.status === 'sent';
  return (
    <>
      <Panel>
        <QuoteFacts quote={quote} />
      </Panel>
      <div className="columns">
        <Panel title={t('asShown')}>
          <QuoteTerms quote={quote} />
        </Panel>
        {isOpen && <Preview id={quote.id} />}
      </div>
    </>
  );
}

function QuoteFacts({ quote }: { quote: Quote }) {
  const t = useTranslations('console.quotes');
  const tUi = useTranslations('ui');
  const { sent_at: sentAt, closed_at: closedAt, subscription, decline_reason: reason } = quote;
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <QuoteStatus status={quote.status} /> },
        { label: t('customer'), value: <OrganizationLink id={quote.organization} /> },
        { label: t('written'), value: <When at={quote.created_at} /> },
        ...(sentAt ? [{ label: t('sent'), value: <When at={sentAt} /> }] : []),
        ...(closedAt ? [{ label: t('closed'), value: <When at={closedAt} /> }] : []),
        ...(reason ? [{ label: t('reason'), value: reason }] : []),
        ...(subscription
          ? [
              {
                label: t('subscription'),
                value: (
                  <Link to={paths.consoleSubscription} params={{ id: subscription }}>
                    {t('toSubscription')}
                  </Link>
                ),
              },
            ]
          : []),
        { label: 'ID', value: <Id value={quote.id} /> },
      ]}
    />
  );
}

/** What the customer would be invoiced; where acceptance would be refused, why. */
function Preview({ id }: { id: string }) {
  const t = useTranslations('console.quotes');
  const preview = useQuery({
    ...reading('inspectQuotePreview', { params: { id } }),
    retry: false,
  });
  return (
    <Panel title={t('firstInvoice')}>
      {preview.error && <Failure error={preview.error} />}
      {preview.isPending && <Loading rows={4} />}
      {preview.data && preview.data.lines.length === 0 && <p>{t('nothingInvoiced')}</p>}
      {preview.data && preview.data.lines.length > 0 && (
        <>
          <LineList lines={preview.data.lines} currency={preview.data.currency} />
          <InvoiceTotals totals={preview.data} />
        </>
      )}
      {preview.data?.replaces && <p>{t('replaces', { plan: preview.data.replaces.plan })}</p>}
    </Panel>
  );
}

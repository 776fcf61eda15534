/** One invoice as it was issued, what became of it, and what an operator may still do about it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { DownloadButton } from '../../features/documents/DownloadButton.tsx';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceLines } from '../../features/invoice/InvoiceLines.tsx';
import { InvoiceStatus } from '../../features/invoice/InvoiceStatus.tsx';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { isPayable } from '../../features/invoice/invoice.ts';
import { Parties } from '../../features/invoice/Parties.tsx';
import { PayLinkButton } from '../../features/invoice/PayLinkButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { CreditNotesPanel } from '../credit-notes/CreditNotesPanel.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { InvoiceActions } from './InvoiceActions.tsx';
import type { Invoice } from './invoice.ts';

const route = getRouteApi('/console/admin/invoices/$id');

export function InvoicePage() {
  const { id } = route.useParams();
  const t = useTranslations('console.invoices');
  const invoice = useQuery(reading('inspectInvoice', { params: { id } }));
  if (invoice.data) return <Shown invoice={invoice.data} />;
  return (
    <div className="page">
      <PageHeader title={t('one')} note={<Link to={paths.consoleInvoices}>{t('all')}</Link>} />
      {invoice.error ? (
        <Failure error={invoice.error} onRetry={() => void invoice.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </div>
  );
}

function Shown({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('console.invoices');
  const name = invoice.number ?? invoice.id;
  const notes = [
    ...(invoice.tax_inclusive && invoice.taxes.length > 0 ? ['inclusive' as const] : []),
    ...(invoice.tax_treatment === 'taxed' ? [] : [invoice.tax_treatment]),
  ];
  return (
    <div className="page">
      <PageHeader
        title={invoice.status === 'draft' ? t('oneDraft') : t('named', { number: name })}
        note={<Link to={paths.consoleInvoices}>{t('all')}</Link>}
        actions={
          <>
            <DownloadButton operation="inspectInvoicePdf" id={invoice.id} name={name} />
            {isPayable(invoice) && (
              <PayLinkButton operation="createInvoicePayLink" id={invoice.id} />
            )}
            <InvoiceActions invoice={invoice} />
          </>
        }
      />
      <Panel>
        <InvoiceFacts invoice={invoice} />
      </Panel>
      <Panel title={t('lines')} note={notes.map((note) => t(`notes.${note}`)).join(' ')}>
        <InvoiceLines lines={invoice.lines} currency={invoice.currency} />
        <InvoiceTotals totals={invoice} />
      </Panel>
      <CreditNotesPanel invoice={invoice.id} />
      <Parties seller={invoice.seller} customer={invoice.customer} />
    </div>
  );
}

function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('console.invoices');
  const tUi = useTranslations('ui');
  const tKinds = useTranslations('console.invoices.kinds');
  const tWrite = useTranslations('console.writeInvoice');
  const { period, paid_at, voided_at, written_off_at } = invoice;
  const ends = [
    { label: t('paidAt'), at: paid_at },
    { label: t('voidedAt'), at: voided_at },
    { label: t('writtenOffAt'), at: written_off_at },
  ];
  const term = invoice.draft
    ? {
        label: tWrite('dueInDays'),
        value: invoice.draft.with_next_invoice
          ? tWrite('waits')
          : (invoice.draft.due_in_days ?? tWrite('byTerms')),
      }
    : { label: t('dueAt'), value: <When at={invoice.due_at} /> };
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <InvoiceStatus invoice={invoice} /> },
        { label: t('customer'), value: <OrganizationLink id={invoice.organization} /> },
        { label: t('kind'), value: tKinds(invoice.kind) },
        {
          label: t(invoice.status === 'draft' ? 'written' : 'issued'),
          value: <When at={invoice.issued_at} />,
        },
        term,
        ...ends.flatMap(({ label, at }) => (at ? [{ label, value: <When at={at} /> }] : [])),
        ...(period
          ? [
              {
                label: t('period'),
                value: (
                  <>
                    <When at={period.from} show="day" /> – <When at={period.to} show="day" />
                  </>
                ),
              },
            ]
          : []),
        ...(invoice.reference === invoice.id
          ? []
          : [{ label: t('reference'), value: <Reference invoice={invoice} /> }]),
        { label: 'ID', value: <Id value={invoice.id} /> },
      ]}
    />
  );
}

function Reference({ invoice: { kind, reference: id } }: { invoice: Invoice }) {
  if (kind !== 'subscription') return <Id value={id} />;
  return (
    <Link to={paths.consoleSubscription} params={{ id }}>
      <code>{id}</code>
    </Link>
  );
}

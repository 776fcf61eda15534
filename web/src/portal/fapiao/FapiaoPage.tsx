import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { FapiaoFile } from '../../features/fapiao/FapiaoFile.tsx';
import { type Fapiao, FapiaoStatus } from '../../features/fapiao/FapiaoStatus.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { fapiaoWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDateText, When } from '../../ui/When.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';

export function FapiaoPage() {
  return (
    <WithWords words={fapiaoWords}>
      <Fapiaos />
    </WithWords>
  );
}

function Fapiaos() {
  const t = useTranslations('fapiao');
  const refusal = useRefusalOf()('listFapiao');
  const ask = (
    <ButtonLink to={paths.fapiaoRequest} isPrimary>
      {t('ask')}
    </ButtonLink>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={!refusal && ask} />
      <BillingNav />
      <Panel>
        {refusal ? <EmptyState title={t('hidden')}>{refusal}</EmptyState> : <OwnFapiao />}
      </Panel>
    </div>
  );
}

function OwnFapiao() {
  const t = useTranslations('fapiao');
  return (
    <DataTable
      label={t('title')}
      list={usePages('listFapiao', {})}
      columns={useColumns()}
      rowKey={({ id }) => id}
      renderError={renderFailure}
      empty={
        <EmptyState
          title={t('none')}
          action={<ButtonLink to={paths.fapiaoRequest}>{t('ask')}</ButtonLink>}
        >
          {t('noneNote')}
        </EmptyState>
      }
    />
  );
}

function useColumns(): Column<Fapiao>[] {
  const t = useTranslations('fapiao');
  const tUi = useTranslations('ui');
  const dateText = useDateText();
  return [
    {
      title: t('number'),
      cell: ({ number, issued_on }) =>
        number ? (
          <span className="stack-tight">
            {number}
            <small className="soft">{issued_on && dateText(issued_on)}</small>
          </span>
        ) : (
          <span className="soft">{t('unnumbered')}</span>
        ),
    },
    { title: t('requested'), cell: ({ requested_at }) => <When at={requested_at} show="day" /> },
    {
      title: t('madeOutTo'),
      cell: ({ title, vat }) => (
        <span className="stack-tight">
          {title.name}
          <small className="soft">{t(`vats.${vat}`)}</small>
        </span>
      ),
    },
    { title: t('invoices'), cell: ({ invoices }) => <InvoiceLinks invoices={invoices} /> },
    {
      title: tUi('status'),
      cell: ({ status, reason }) => (
        <span className="stack-tight">
          <FapiaoStatus status={status} />
          {reason && <small className="soft">{reason}</small>}
        </span>
      ),
    },
    {
      title: t('amount'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} isExact />,
    },
    {
      title: tUi('actions'),
      isActions: true,
      cell: (fapiao) => <FapiaoFile operation="downloadFapiao" fapiao={fapiao} />,
    },
  ];
}

function InvoiceLinks({ invoices }: Pick<Fapiao, 'invoices'>) {
  return (
    <span className="stack-tight">
      {invoices.map(({ id, number }) => (
        <Link key={id} to={paths.invoice} params={{ id }}>
          {number ?? id}
        </Link>
      ))}
    </span>
  );
}

import { Link } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import type { FapiaoInvoice } from './request.ts';

interface ChooseInvoicesProps {
  /** Shows this one alone, chosen from the start. */
  only: string | undefined;
  chosen: readonly FapiaoInvoice[];
  onChange: (chosen: readonly FapiaoInvoice[]) => void;
}

/** Paid invoices to choose from; one that cannot be chosen says why. */
export function ChooseInvoices({ only, chosen, onChange }: ChooseInvoicesProps) {
  const t = useTranslations('fapiao.form');
  const list = usePages('listFapiaoInvoices', { query: only ? { invoice: only } : {} });
  useFirstChoice(only, list.rows, onChange);
  const toggle = (invoice: FapiaoInvoice) => {
    const others = chosen.filter(({ id }) => id !== invoice.id);
    onChange(others.length < chosen.length ? others : [...chosen, invoice]);
  };
  return (
    <Panel
      title={t('invoices')}
      note={t('invoicesNote')}
      actions={only && <ButtonLink to={paths.fapiaoRequest}>{t('others')}</ButtonLink>}
    >
      <DataTable
        label={t('invoices')}
        list={list}
        columns={useColumns(chosen, toggle)}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noInvoices')}>{t('noInvoicesNote')}</EmptyState>}
      />
    </Panel>
  );
}

/** Chooses the invoice that somebody came from, once. */
function useFirstChoice(
  only: string | undefined,
  rows: readonly FapiaoInvoice[] | undefined,
  onChange: (chosen: readonly FapiaoInvoice[]) => void,
): void {
  const done = useRef<string>(undefined);
  const first = rows?.find(({ id, block }) => id === only && block === null);
  useEffect(() => {
    if (!first || done.current === first.id) return;
    done.current = first.id;
    onChange([first]);
  });
}

function useColumns(
  chosen: readonly FapiaoInvoice[],
  toggle: (invoice: FapiaoInvoice) => void,
): Column<FapiaoInvoice>[] {
  const t = useTranslations('fapiao.form');
  const tBlocks = useTranslations('fapiao.blocks');
  const tKinds = useTranslations('payment.invoiceKinds');
  return [
    {
      title: t('chosen'),
      cell: (invoice) => (
        <Checkbox
          aria-label={t('choose', { number: invoice.number ?? invoice.id })}
          checked={chosen.some(({ id }) => id === invoice.id)}
          disabled={invoice.block !== null}
          onChange={() => toggle(invoice)}
        />
      ),
    },
    {
      title: t('invoice'),
      cell: ({ id, number }) => (
        <Link to={paths.invoice} params={{ id }}>
          {number ?? id}
        </Link>
      ),
    },
    { title: t('what'), cell: ({ kind }) => (isKind(kind) ? tKinds(kind) : kind) },
    {
      title: t('paid'),
      cell: ({ paid_at }) => (paid_at ? <When at={paid_at} show="day" /> : '–'),
    },
    {
      title: t('total'),
      align: 'end',
      cell: ({ total, currency }) => <Amount value={total} currency={currency} isExact />,
    },
    {
      title: t('amount'),
      align: 'end',
      cell: ({ amount, currency, block }) =>
        block ? (
          <span className="soft">{tBlocks(block)}</span>
        ) : (
          <Amount value={amount} currency={currency} isExact />
        ),
    },
  ];
}

const kinds = ['top_up', 'package', 'subscription', 'manual'] as const;

function isKind(kind: string): kind is (typeof kinds)[number] {
  return kinds.some((known) => known === kind);
}

/** One fapiao: what to copy into the tax bureau's system, and what became of it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { FapiaoFile } from '../../features/fapiao/FapiaoFile.tsx';
import { FapiaoStatus } from '../../features/fapiao/FapiaoStatus.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useDateText, When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { FapiaoActions } from './FapiaoActions.tsx';
import type { Fapiao } from './fapiao.ts';

const route = getRouteApi('/console/admin/fapiao/$id');

export function FapiaoPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.fapiao');
  const fapiao = useQuery(reading('inspectFapiao', { params: { id } }));
  const { data } = fapiao;
  const title = data?.number
    ? t('named', { number: data.number })
    : data && t('ofCustomer', { name: data.title.name });
  return (
    <div className="page">
      <PageHeader
        title={title ?? t('one')}
        note={<Link to={paths.consoleFapiao}>{t('queue')}</Link>}
        actions={data && <FapiaoActions fapiao={data} />}
      />
      {fapiao.error && <Failure error={fapiao.error} onRetry={() => void fapiao.refetch()} />}
      {fapiao.isPending && <Loading rows={10} />}
      {data && <Shown fapiao={data} />}
    </div>
  );
}

function Shown({ fapiao }: { fapiao: Fapiao }) {
  const t = useTranslations('console.fapiao');
  return (
    <>
      {fapiao.status === 'to_be_reversed' && (
        <Alert type="warning" showIcon title={t('reversalDue', { reason: fapiao.reason ?? '' })} />
      )}
      <div className="columns">
        <Panel title={t('facts')} note={t('factsNote')}>
          <TitleFacts fapiao={fapiao} />
        </Panel>
        <div className="stack">
          <Panel title={t('history')}>
            <History fapiao={fapiao} />
          </Panel>
          <Panel title={t('invoices')}>
            <ul className="bought">
              {fapiao.invoices.map(({ id, number, amount }) => (
                <li key={id}>
                  <Link to={paths.consoleInvoice} params={{ id }}>
                    {number ?? id}
                  </Link>
                  <Amount value={amount} currency={fapiao.currency} isExact />
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </>
  );
}

function TitleFacts({ fapiao: { title, vat, amount, currency } }: { fapiao: Fapiao }) {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  const texts: [label: string, text: string | null][] = [
    [t('name'), title.name],
    [t('taxNumber'), title.tax_number],
    [t('address'), title.address],
    [t('phone'), title.phone],
    [t('bank'), title.bank],
    [t('account'), title.account],
    [t('email'), title.email],
  ];
  return (
    <Facts
      as="wide"
      items={[
        {
          label: tOwn('amount'),
          value: (
            <Copied
              label={tOwn('amount')}
              text={amount}
              shown={<Amount value={amount} currency={currency} isExact />}
            />
          ),
        },
        { label: t('vat'), value: `${tOwn(`vats.${vat}`)} · ${tOwn(`titleKinds.${title.kind}`)}` },
        ...texts.flatMap(([label, text]) =>
          text === null
            ? []
            : [{ label, value: <Copied label={label} text={text} shown={text} /> }],
        ),
      ]}
    />
  );
}

function Copied({ label, text, shown }: { label: string; text: string; shown: ReactNode }) {
  const t = useTranslations('console.fapiao');
  return (
    <>
      {shown} <CopyButton text={text} label={t('copy', { label })} />
    </>
  );
}

function History({ fapiao }: { fapiao: Fapiao }) {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  const tUi = useTranslations('ui');
  const dateText = useDateText();
  const { file, issued_on, reversed_on, red_code, red_number } = fapiao;
  const at = (instant: string | null) => instant && <When at={instant} />;
  const given: [label: string, value: ReactNode][] = [
    [t('code'), fapiao.code],
    [tOwn('number'), fapiao.number],
    [tOwn('issuedOn'), issued_on && dateText(issued_on)],
    [t('file'), file && <FapiaoFile operation="inspectFapiaoFile" fapiao={fapiao} />],
    ['SHA-256', file && <Id value={file.sha256} isShort />],
    [t('issuedAt'), at(fapiao.issued_at)],
    [t('sentAt'), at(fapiao.sent_at)],
    [tOwn('reason'), fapiao.reason],
    [t('redNumber'), red_number && [red_code, red_number].filter(Boolean).join(' ')],
    [t('reversedOn'), reversed_on && dateText(reversed_on)],
    [t('closedAt'), at(fapiao.closed_at)],
  ];
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <FapiaoStatus status={fapiao.status} /> },
        { label: t('customer'), value: <OrganizationLink id={fapiao.organization} /> },
        { label: tOwn('requested'), value: <When at={fapiao.requested_at} /> },
        ...given.flatMap(([label, value]) => (value ? [{ label, value }] : [])),
        { label: 'ID', value: <Id value={fapiao.id} isShort /> },
      ]}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { fapiaoWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { RequestForm } from './RequestForm.tsx';

const route = getRouteApi('/portal/billing/fapiao/request');

export function RequestPage() {
  return (
    <WithWords words={fapiaoWords}>
      <Request />
    </WithWords>
  );
}

function Request() {
  const t = useTranslations('fapiao');
  const tForm = useTranslations('fapiao.form');
  const { invoice } = route.useSearch();
  const refusal = useRefusalOf()('requestFapiao');
  const last = useQuery({ ...reading('getFapiaoTitle'), enabled: !refusal });
  return (
    <div className="page">
      <PageHeader
        title={tForm('title')}
        note={
          <>
            <Link to={paths.fapiao}>{tForm('back')}</Link> · {tForm('note')}
          </>
        }
      />
      <BillingNav />
      {refusal && (
        <Panel>
          <EmptyState title={t('hidden')}>{refusal}</EmptyState>
        </Panel>
      )}
      {last.error && <Failure error={last.error} onRetry={() => void last.refetch()} />}
      {!refusal && last.isPending && <Loading rows={8} />}
      {last.data && <RequestForm last={last.data} invoice={invoice} />}
    </div>
  );
}

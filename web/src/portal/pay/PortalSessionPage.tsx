import { getRouteApi } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { keepWayBack } from '../../features/session/way-back.ts';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { AuthPanel } from '../auth/AuthPanel.tsx';

const route = getRouteApi('/open/auth/portal-session');

const pages: Record<Answer<'openPortalSession'>['page'], string> = {
  billing: paths.billing,
  plans: paths.plans,
  subscription: paths.subscription,
  invoices: paths.invoices,
  payment_methods: paths.paymentMethods,
  usage: paths.usage,
};

/** Where an application's link leads: it signs a guest in and goes on to the page that was asked for. */
export function PortalSessionPage() {
  const t = useTranslations('pay');
  const { token } = route.useSearch();
  const opening = useChange('openPortalSession', {
    onDone: ({ page, return_url: url, application }) => {
      keepWayBack(url === null ? null : { url, name: application.name });
      // A whole load: nothing that was read for somebody else is kept.
      location.replace(pages[page]);
    },
  });
  const isSent = useRef(false);
  const { mutate } = opening;
  useEffect(() => {
    // A token works once; React runs effects twice in development.
    if (!token || isSent.current) return;
    isSent.current = true;
    mutate({ body: { token } });
  }, [token, mutate]);
  return (
    <AuthPanel title={t('portal')}>
      {!token && <Alert type="warning" showIcon title={t('linkMissing')} />}
      {token && !opening.error && <Loading rows={2} />}
      <Refused error={opening.error} />
    </AuthPanel>
  );
}

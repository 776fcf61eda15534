import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** Few visits redeem a code: the form comes when it is asked for. */
const RedeemForm = lazy(async () => ({ default: (await import('./RedeemForm.tsx')).RedeemForm }));

export function RedeemPanel() {
  const t = useTranslations('billing');
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title={t('redeem')} note={t('redeemNote')}>
      {isOpen ? (
        <Suspense fallback={<Loading rows={3} />}>
          <RedeemForm />
        </Suspense>
      ) : (
        <Button onClick={() => setOpen(true)}>{t('redeem')}</Button>
      )}
    </Panel>
  );
}

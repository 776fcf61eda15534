import { Alert } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { DisableTotp } from './DisableTotp.tsx';
import { RenewCodes } from './RenewCodes.tsx';
import { useSecurity } from './security.ts';

/** It brings the library that draws codes, for which few have a use on a visit. */
const SetUpTotp = lazy(() => import('./SetUpTotp.tsx').then((m) => ({ default: m.SetUpTotp })));

const fewCodes = 3;

/** The second step of signing in. */
export function TotpPanel() {
  const t = useTranslations('security.totp');
  const security = useSecurity();
  if (security.error && !security.data) {
    return <Failure error={security.error} onRetry={() => void security.refetch()} />;
  }
  return (
    <Panel title={t('title')} note={t('note')}>
      {security.data ? <State totp={security.data.totp} /> : <Loading rows={2} />}
    </Panel>
  );
}

type Doing = 'setUp' | 'renew' | 'disable';

function State({ totp }: { totp: Answer<'getMySecurity'>['totp'] }) {
  const t = useTranslations('security.totp');
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  return (
    <>
      <div>
        <Status tone={totp.enabled ? 'good' : 'quiet'}>{t(totp.enabled ? 'on' : 'off')}</Status>
      </div>
      {totp.enabled_at && (
        <Facts
          items={[
            { label: t('since'), value: <When at={totp.enabled_at} show="day" /> },
            { label: t('left'), value: String(totp.recovery_codes_left) },
          ]}
        />
      )}
      {totp.enabled && totp.recovery_codes_left <= fewCodes && (
        <Alert type="warning" showIcon title={t('few')} />
      )}
      <div className="actions">
        {totp.enabled ? (
          <>
            <AllowedButton operation="renewRecoveryCodes" onClick={() => setDoing('renew')}>
              {t('renew')}
            </AllowedButton>
            <AllowedButton operation="disableTotp" danger onClick={() => setDoing('disable')}>
              {t('disable')}
            </AllowedButton>
          </>
        ) : (
          <AllowedButton operation="setupTotp" type="primary" onClick={() => setDoing('setUp')}>
            {t('setUp')}
          </AllowedButton>
        )}
      </div>
      {doing === 'setUp' && (
        <Suspense>
          <SetUpTotp onClose={close} />
        </Suspense>
      )}
      {doing === 'renew' && <RenewCodes onClose={close} />}
      {doing === 'disable' && <DisableTotp onClose={close} />}
    </>
  );
}

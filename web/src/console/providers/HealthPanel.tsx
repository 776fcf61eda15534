/** How one provider does, what it can do, and whether it answers right now. */
import { Alert } from 'antd';
import { useFormatter, useLocale, useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { concernsOf } from './health.ts';
import { Last } from './OverviewPanel.tsx';
import type { Provider } from './ProviderPanel.tsx';

export function HealthPanel({ provider }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const { name, health } = provider;
  return (
    <Panel title={t('healthOf', { name })} actions={<Actions provider={provider} />}>
      <Concerns provider={provider} />
      <TestAnswer provider={provider} />
      <Facts
        items={[
          { label: t('lastCall'), value: <Last at={health.calls.succeeded_at} /> },
          { label: t('lastSilence'), value: <LastSilence provider={provider} /> },
          { label: t('lastNotification'), value: <Last at={health.notifications.succeeded_at} /> },
          { label: t('lastRefused'), value: <Last at={health.notifications.failed_at} /> },
          { label: t('payments'), value: <Payments provider={provider} /> },
          { label: t('overdue'), value: t('count', { count: health.payments.overdue }) },
        ]}
      />
      <Facts
        as="wide"
        items={[
          { label: t('means'), value: <MeansOf provider={provider} /> },
          { label: t('can'), value: <CapabilitiesOf provider={provider} /> },
        ]}
      />
    </Panel>
  );
}

function Actions({ provider: { provider } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  return (
    <ButtonLink to={paths.consoleInbox} search={{ provider }}>
      {t('toInbox')}
    </ButtonLink>
  );
}

function Concerns({ provider: { health } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  return concernsOf(health).map((concern) => (
    <Alert
      key={concern}
      showIcon
      type="warning"
      title={t(`concerns.${concern}`)}
      description={t(`concernNotes.${concern}`)}
    />
  ));
}

function TestAnswer({ provider }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const test = useChange('testProvider', { refreshes: ['listProviders'] });
  const answer = test.data;
  const { name, ready } = provider;
  return (
    <div className="stack">
      <div className="actions">
        <AllowedButton
          operation="testProvider"
          loading={test.isPending}
          blockedBecause={ready ? undefined : t('notReady')}
          onClick={() => test.mutate({ params: { provider: provider.provider } })}
        >
          {t('test')}
        </AllowedButton>
        <span className="soft">{t('testNote')}</span>
      </div>
      <div aria-live="polite">
        {answer && (
          <Alert
            showIcon
            type={answer.answers ? 'success' : 'error'}
            title={
              answer.answers
                ? t('answers', { name, ms: answer.took_ms })
                : t('answersNot', { name })
            }
            description={answer.reason ?? undefined}
          />
        )}
        <Refused error={test.error} />
      </div>
    </div>
  );
}

function LastSilence({ provider: { health } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const { failed_at, failed_call } = health.calls;
  return (
    <span className="twofold">
      <Last at={failed_at} />
      {failed_call && <small>{t('failedCall', { call: failed_call })}</small>}
    </span>
  );
}

function Payments({ provider: { health } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const format = useFormatter();
  const { succeeded, failed, open, success_rate } = health.payments;
  return (
    <span className="twofold">
      {success_rate === null
        ? t('noneDecided')
        : format.number(success_rate, { style: 'percent', maximumFractionDigits: 1 })}
      <small>{t('paymentCounts', { succeeded, failed, open })}</small>
    </span>
  );
}

function MeansOf({ provider: { means } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const locale = useLocale();
  if (means.length === 0) return t('oneMeans');
  return new Intl.ListFormat(locale, { type: 'unit' }).format(
    means.map(({ label }) => label[locale]),
  );
}

const abilities = ['notifies', 'finds', 'closes', 'stores', 'disputes', 'statements'] as const;

function CapabilitiesOf({ provider: { capabilities } }: { provider: Provider }) {
  const t = useTranslations('console.providers');
  const locale = useLocale();
  const able = abilities.filter((ability) => capabilities[ability]);
  const words = [
    ...able.map((ability) => t(`abilities.${ability}`)),
    t(`refunds.${capabilities.refunds}`),
  ];
  return new Intl.ListFormat(locale, { type: 'unit' }).format(words);
}

import { useFormatter, useTranslations } from 'use-intl';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import type { Channel } from './channel-form.ts';

type Health = Channel['health'];
type State = Health['state'] | 'disabled';

const tones: Record<State, Tone> = {
  idle: 'quiet',
  healthy: 'good',
  resting: 'warning',
  probing: 'active',
  refused: 'bad',
  disabled: 'quiet',
};

/** How a channel is doing, in words: why it rests, and when it is tried again. */
export function ChannelState({ channel: { health, status } }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const state: State = status === 'disabled' ? 'disabled' : health.state;
  const isTroubled = state === 'resting' || state === 'refused' || state === 'probing';
  const { until, last_failure: failure, models } = health;
  return (
    <span className="twofold">
      <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      {isTroubled && failure && <small>{t(`reasons.${failure.reason}`)}</small>}
      {state === 'refused' && failure && <small>{t(`advice.${failure.reason}`)}</small>}
      {isTroubled && <Again until={until} />}
      {models.map(({ model, reason }) => (
        <small key={model}>
          <code>{model}</code> {t(`reasons.${reason}`)}
        </small>
      ))}
    </span>
  );
}

/** When what is left alone is tried again; null where that is with the next call. */
export function Again({ until }: { until: string | null }) {
  const t = useTranslations('console.channels');
  if (until === null) return <small>{t('againNext')}</small>;
  return <small>{t.rich('again', { when: () => <When at={until} show="relative" /> })}</small>;
}

/** How many calls there were lately, how many of them failed, and how long answers took to begin. */
export function Recent({ recent }: { recent: Health['last_60_minutes'] }) {
  const t = useTranslations('console.channels');
  const format = useFormatter();
  const duration = useDuration();
  const { calls, failed, p50_ms, p95_ms } = recent;
  if (calls === 0) return <span className="soft">{t('states.idle')}</span>;
  const share = format.number(failed / calls, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <span className="twofold">
      <span className="figure">{t('calls', { count: calls })}</span>
      <small>{t('failedShare', { share })}</small>
      {p50_ms !== null && p95_ms !== null && (
        <small title={t('latencyLabel')}>
          {t('latency', { p50: duration(p50_ms), p95: duration(p95_ms) })}
        </small>
      )}
    </span>
  );
}

export function useDuration(): (ms: number) => string {
  const t = useTranslations('console.channels');
  const format = useFormatter();
  return (ms) =>
    ms < 1000
      ? t('milliseconds', { count: ms })
      : t('seconds', { count: format.number(ms / 1000, { maximumFractionDigits: 1 }) });
}

export function Cost({ channel: { cost } }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  if (cost === null) return <span className="soft">{t('costUnknown')}</span>;
  if ('factor' in cost)
    return <span className="figure">{t('ofList', { factor: cost.factor })}</span>;
  return <span>{t('ownPrices', { count: Object.keys(cost.prices).length })}</span>;
}

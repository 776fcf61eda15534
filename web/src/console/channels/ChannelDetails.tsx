import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { When } from '../../ui/When.tsx';
import { AttemptsPanel } from './AttemptsPanel.tsx';
import { ChannelActions } from './ChannelActions.tsx';
import { ChannelState, Cost, Recent } from './ChannelState.tsx';
import type { Channel } from './channel-form.ts';
import { KeysPanel } from './KeysPanel.tsx';
import { TestPanel } from './TestPanel.tsx';

const refetchIntervalMs = 10_000;

/** How a channel is doing, its keys, a test, and what failed. */
export function ChannelDetails({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('console.channels');
  const reads = reading('getChannel', { params: { id } });
  const channel = useQuery({ ...reads, refetchInterval: refetchIntervalMs });
  return (
    <Drawer open size={760} title={channel.data?.name ?? t('details')} onClose={onClose}>
      {channel.data ? (
        <div className="stack">
          <HealthFacts channel={channel.data} />
          <ChannelActions channel={channel.data} onGone={onClose} />
          <TestPanel channel={channel.data} />
          <KeysPanel channel={channel.data} />
          <AttemptsPanel id={id} />
        </div>
      ) : (
        <Waiting error={channel.error} />
      )}
    </Drawer>
  );
}

function Waiting({ error }: { error: Error | null }) {
  return error ? <Failure error={error} /> : <Loading rows={8} />;
}

function HealthFacts({ channel }: { channel: Channel }) {
  const t = useTranslations('console.channels');
  const { health, concurrency, proxy_url } = channel;
  const { last_success_at, last_failure, in_flight } = health;
  const inFlight =
    concurrency === null
      ? in_flight
      : t('inFlightOf', { count: in_flight, most: String(concurrency) });
  return (
    <Facts
      items={[
        { label: t('state'), value: <ChannelState channel={channel} /> },
        { label: t('inFlight'), value: <span className="figure">{inFlight}</span> },
        { label: t('fiveMinutes'), value: <Recent recent={health.last_5_minutes} /> },
        { label: t('lastHour'), value: <Recent recent={health.last_60_minutes} /> },
        {
          label: t('lastSuccess'),
          value: last_success_at ? <When at={last_success_at} show="second" /> : t('never'),
        },
        {
          label: t('lastFailure'),
          value: last_failure ? <LastFailure failure={last_failure} /> : t('never'),
        },
        { label: t('cost'), value: <Cost channel={channel} /> },
        ...(proxy_url ? [{ label: t('proxy'), value: <code>{proxy_url}</code> }] : []),
      ]}
    />
  );
}

type FailureSeen = NonNullable<Channel['health']['last_failure']>;

function LastFailure({ failure: { at, reason, status, model } }: { failure: FailureSeen }) {
  const t = useTranslations('console.channels');
  return (
    <span className="twofold">
      <When at={at} show="second" />
      <small>{t(`reasons.${reason}`)}</small>
      <small>
        <code>{model}</code> {status !== null && t('status', { status: String(status) })}
      </small>
    </span>
  );
}

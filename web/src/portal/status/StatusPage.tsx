/** How well the service does: for anyone, signed in or not. */
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { IncidentText } from '../../features/incidents/IncidentText.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { statusWords } from '../../i18n/messages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { LevelFigures } from './LevelFigures.tsx';
import { LevelStrip } from './LevelStrip.tsx';
import './status.css';

export type ServiceStatus = Answer<'getStatus'>;
export type Levels = ServiceStatus['overall'];

export function StatusPage() {
  return (
    <WithWords words={statusWords}>
      <main id="main" className="main">
        <Shown />
      </main>
    </WithWords>
  );
}

/** The server reads anew every 15 seconds. */
const refetchIntervalMs = 15_000;

function Shown() {
  const t = useTranslations('status');
  const status = useQuery({ ...reading('getStatus'), refetchInterval: refetchIntervalMs });
  const { error } = status;
  if (error && !status.data) {
    const isHidden = error instanceof ApiError && error.code === 'not_found';
    return isHidden ? (
      <div className="page">
        <PageHeader title={t('title')} />
        <EmptyState title={t('hidden')}>{t('hiddenNote')}</EmptyState>
      </div>
    ) : (
      <Failure error={error} onRetry={() => void status.refetch()} />
    );
  }
  if (!status.data) return <Loading rows={8} />;
  return <Levels status={status.data} />;
}

const tones: Record<ServiceStatus['state'], Tone> = {
  operational: 'good',
  degraded: 'warning',
  outage: 'bad',
  unmeasured: 'quiet',
};

function Levels({ status }: { status: ServiceStatus }) {
  const t = useTranslations('status');
  const { state, overall, models, incidents, from } = status;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel
        title={t(`headlines.${state}`)}
        note={
          <>
            {t('asOf')} <When at={status.updated_at} show="second" />
          </>
        }
      >
        <OneLevel name={t('overall')} state={state} levels={overall} from={from} />
      </Panel>
      <Panel title={t('models')}>
        {models.length === 0 && <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
        <ul className="level-list">
          {models.map((one) => (
            <li key={one.model}>
              <OneLevel name={one.model} state={one.state} levels={one} from={from} />
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('incidents')}>
        {incidents.length === 0 && <p>{t('noIncidents')}</p>}
        <ul className="level-list">
          {incidents.map((incident) => (
            <li key={incident.id}>
              <IncidentText incident={incident} />
            </li>
          ))}
        </ul>
      </Panel>
      <Definitions />
    </div>
  );
}

interface OneLevelProps {
  name: string;
  state: ServiceStatus['state'];
  levels: Levels;
  from: string;
}

function OneLevel({ name, state, levels, from }: OneLevelProps) {
  const t = useTranslations('status');
  return (
    <article className="level" aria-label={name}>
      <div className="level-head">
        <h3>{name}</h3>
        <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      </div>
      <LevelFigures levels={levels} />
      <LevelStrip name={name} days={levels.days} from={from} />
    </article>
  );
}

const definitions = [
  'served',
  'failed',
  'neither',
  'availability',
  'times',
  'state',
  'few',
] as const;

function Definitions() {
  const t = useTranslations('status');
  return (
    <Panel title={t('definition')}>
      <ul className="definitions">
        {definitions.map((name) => (
          <li key={name}>{t(`definitions.${name}`)}</li>
        ))}
      </ul>
    </Panel>
  );
}

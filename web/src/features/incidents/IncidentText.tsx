/** An incident with all that was told of it, the newest first. */
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import './incidents.css';

export type Incident = Answer<'getStatus'>['incidents'][number];

export function IncidentText({ incident }: { incident: Incident }) {
  const t = useTranslations('status');
  const { title, models, started_at, resolved_at, updates } = incident;
  return (
    <article className="stack-tight" aria-label={title}>
      <div className="level-head">
        <h3>{title}</h3>
        <IncidentStatus incident={incident} />
      </div>
      <p>
        {models.length === 0 ? t('affectsAll') : t('affects', { models: models.join(', ') })} ·{' '}
        {t('since')} <When at={started_at} />
        {resolved_at !== null && (
          <>
            {' '}
            {t('to')} <When at={resolved_at} />
          </>
        )}
      </p>
      <ol className="incident-updates">
        {updates.map(({ state, text, posted_at }) => (
          <li key={`${posted_at} ${state} ${text}`}>
            <strong>{t(`incidentStates.${state}`)}</strong> · <When at={posted_at} />
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </article>
  );
}

const tones: Record<Incident['impact'], Tone> = { degraded: 'warning', outage: 'bad' };

/** How bad it is while it lasts; afterwards only that it is over. */
export function IncidentStatus({ incident: { state, impact } }: { incident: Incident }) {
  const t = useTranslations('status');
  if (state === 'resolved') return <Status tone="quiet">{t('incidentStates.resolved')}</Status>;
  const text = `${t(`impacts.${impact}`)} · ${t(`incidentStates.${state}`)}`;
  return <Status tone={tones[impact]}>{text}</Status>;
}

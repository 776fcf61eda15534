/** A trouble that operators tell of. */
export type IncidentState = 'investigating' | 'identified' | 'monitoring' | 'resolved';
export type Impact = 'degraded' | 'outage';

export interface Incident {
  id: string;
  title: string;
  state: IncidentState;
  impact: Impact;
  /** Empty: all of them. */
  models: string[];
  started_at: Date;
  resolved_at: Date | null;
}

/** What was told of it at one time. */
export interface IncidentUpdate {
  id: string;
  incident_id: string;
  state: IncidentState;
  text: string;
  posted_at: Date;
}

/** As it is told; `updates` may be of other incidents, too. */
export function presentIncident(incident: Incident, updates: readonly IncidentUpdate[]) {
  const { id, title, state, impact, models, started_at, resolved_at } = incident;
  return {
    ...{ id, title, state, impact, models },
    started_at: started_at.toISOString(),
    resolved_at: resolved_at?.toISOString() ?? null,
    updates: updates
      .filter(({ incident_id }) => incident_id === id)
      .map((update) => ({
        ...{ state: update.state, text: update.text },
        posted_at: update.posted_at.toISOString(),
      })),
  };
}

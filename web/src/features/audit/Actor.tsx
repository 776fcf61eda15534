import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Id } from '../../ui/Id.tsx';

export type AuditEntry = Answer<'searchAuditLogs'>['data'][number];

/** Who did what an entry tells of: a person by name, a key, a payment provider, or Sluice by itself. */
export function Actor({ entry: { actor } }: { entry: AuditEntry }) {
  const t = useTranslations('audit.actors');
  return (
    <span className="twofold">
      {actor.name ?? actor.email ?? t(actor.kind)}
      {actor.name && actor.email ? (
        <small className="soft">{actor.email}</small>
      ) : (
        actor.id && <Id value={actor.id} isShort />
      )}
    </span>
  );
}

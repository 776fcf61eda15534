import type { Subject } from '@sluice/contract/access';
import type { z } from 'zod';

/** How an application names whose use it is. */
export type SubjectReference = z.output<typeof Subject>;

type Named = { [K in keyof SubjectReference]?: string | undefined };

/** The subject that a query names: by its kind, or alone, where its form says what it is. */
export function subjectOfQuery({
  subject,
  ...named
}: Named & { subject?: string | undefined }): Named {
  if (subject === undefined) return named;
  return { ...named, [kindOf(subject)]: subject };
}

function kindOf(subject: string): keyof SubjectReference {
  if (subject.startsWith('sk-') || subject.startsWith('key_')) return 'api_key';
  if (subject.startsWith('org_')) return 'organization';
  return subject.startsWith('usr_') ? 'user' : 'external_id';
}

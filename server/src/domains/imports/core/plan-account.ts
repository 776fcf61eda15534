/** Decides what becomes of an account of another system. */
import { cleanEmail, cleanText, cleanUsername } from './clean-text.ts';
import type { OldAccount, SourceKind } from './old-installation.ts';

const nameMax = 100;

/** An account as it is carried, with what its operator should know. */
export interface PlannedAccount {
  email: string;
  isEmailProven: boolean;
  name: string | null;
  username: string | null;
  organizationName: string;
  suspendedFor: string | null;
}

export type AccountPlan =
  | { verdict: 'move'; account: PlannedAccount; notes: string[] }
  | { verdict: 'leave'; reason: string };

/** `source` is the operator's name for the installation, which addresses that nobody has are made of. */
export function planAccount(
  old: OldAccount,
  source: { kind: SourceKind; name: string },
): AccountPlan {
  if (old.status === 'deleted') return { verdict: 'leave', reason: 'deleted there' };
  const email = cleanEmail(old.email);
  const name = cleanText(old.name, nameMax);
  const username = cleanUsername(old.username);
  const shown = name ?? cleanText(old.username, nameMax) ?? email ?? `${source.name} ${old.id}`;
  const notes = [...old.notCarried];
  if (email === null) {
    notes.push(
      old.email
        ? 'its mail address is none: nobody can sign in'
        : 'no mail address: nobody can sign in',
    );
  }
  if (old.role !== null) notes.push(`was ${old.role} there; roles are given here by hand`);
  if (old.username && username === null) notes.push('its user name is none here');
  return {
    verdict: 'move',
    account: {
      email: email ?? nobodysAddress(source.name, old.id),
      isEmailProven: email !== null,
      ...{ name: name ?? shown, username },
      organizationName: shown,
      suspendedFor: old.status === 'disabled' ? `disabled in ${source.name}` : null,
    },
    notes,
  };
}

/** No mail reaches `.invalid`, by https://www.rfc-editor.org/rfc/rfc2606#section-2, so nobody can take it over. */
function nobodysAddress(source: string, id: string): string {
  const local = `${source}-${id}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${local.slice(0, 60)}@moved-in.invalid`;
}

/** What would be another account if it differed. */
export function accountTerms(old: OldAccount): readonly unknown[] {
  return [old.email, old.name, old.username, old.status];
}

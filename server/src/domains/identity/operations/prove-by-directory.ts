/** Signing in by a name and a password of the company's directory. */
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { User } from '../core/people.ts';
import { admitPerson } from './admit-person.ts';
import { loadDirectory } from './load-sign-in-provider.ts';

/**
 * The account of whoever the directory knows by this name and password; undefined where there is no directory, or it says
 * no.
 * @throws Refusal `directory_unavailable`, `user_suspended`, `sso_failed`, `link_required`.
 */
export async function proveByDirectory(
  context: Context,
  credentials: { login: string; password: string },
): Promise<User | undefined> {
  const known = await loadDirectory(context);
  if (!known) return undefined;
  const answer = await known.directory.prove(credentials);
  if (answer.status === 'wrong') return undefined;
  if (answer.status === 'disabled') throw disabledInDirectory();
  if (answer.status === 'unavailable') {
    context.log.warn({ problem: answer.problem }, 'the directory was of no help');
    throw directoryUnavailable();
  }
  return admitPerson(context, known.row, answer.person);
}

export function directoryUnavailable(): Refusal {
  return new Refusal(
    'directory_unavailable',
    'The company directory does not answer right now: try again in a moment. A password of this service goes on working.',
    { retryAfterSeconds: 30 },
  );
}

/** The refusal for whom the directory has closed. */
export function disabledInDirectory(): Refusal {
  return new Refusal(
    'user_suspended',
    'Your account in the company directory is closed: ask whoever runs it.',
  );
}

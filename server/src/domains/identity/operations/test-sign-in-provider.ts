import type { AnswerOf } from '@sluice/contract/endpoint';
import type { testSignInProvider as endpoint } from '@sluice/contract/sign-in-providers';
import { LdapSettings } from '@sluice/contract/sign-in-providers';
import type { Context } from '../../../platform/context.ts';
import type { ProviderRow } from '../store/sign-in-providers.ts';
import { connectProvider, givenBy, openDirectory } from './load-sign-in-provider.ts';
import { getSignInProvider } from './manage-sign-in-providers.ts';

type Report = AnswerOf<typeof endpoint>;

/**
 * Asks a directory or identity provider of the deployment whether its settings work, switched on or not.
 * @throws Refusal `not_found`.
 */
export async function testSignInProvider(
  context: Context,
  { id, login }: { id: string; login: string | undefined },
): Promise<Report> {
  const row = await getSignInProvider(context, id);
  if (row.kind === 'ldap') return testDirectory(context, row, login);
  return { ...(await testProvider(context, row)), person: null };
}

/** Whether an identity provider can be asked; the rest shows when somebody signs in. */
export async function testProvider(
  context: Context,
  row: ProviderRow,
): Promise<{ ok: boolean; message: string }> {
  const problem = await connectProvider(context, row).findProblem();
  if (problem !== undefined) return { ok: false, message: problem };
  return { ok: true, message: 'The settings can be used: sign in with it to try the rest.' };
}

async function testDirectory(
  context: Context,
  row: ProviderRow,
  login: string | undefined,
): Promise<Report> {
  if (!LdapSettings.safeParse(row.settings).success) {
    return failed('The directory is not set up: write its address and where people are first.');
  }
  const answer = await openDirectory(context, row).directory.test(login);
  if (answer.status === 'unavailable') return failed(answer.problem);
  if (answer.status === 'not_found') {
    return failed('The directory answers, but finds nobody, or several people, by this name.');
  }
  if (answer.status === 'answers') {
    return { ok: true, message: 'The directory answers and can be read.', person: null };
  }
  const { person, isDisabled } = answer;
  return {
    ok: true,
    message: isDisabled
      ? 'The directory knows this person, but has closed the account.'
      : 'The directory knows this person.',
    person: {
      subject: person.subject,
      email: person.email,
      name: person.name,
      groups: [...person.groups],
      platform_role: givenBy(row, person.groups).platformRole,
      disabled: isDisabled,
    },
  };
}

function failed(message: string): Report {
  return { ok: false, message, person: null };
}

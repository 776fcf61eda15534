import type { getSignInMethods as endpoint } from '@sluice/contract/accounts';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { domainOf, emailOf } from '../core/external-account.ts';
import { relyingPartyOf } from '../core/relying-party.ts';
import { findDomainOwner } from '../store/sso-domains.ts';
import { listSignInProviders } from './manage-sign-in-providers.ts';

type Methods = AnswerOf<typeof endpoint>['methods'];

/** The ways to sign in that anyone is offered, in the order of the buttons. */
export async function getSignInMethods(context: Context): Promise<Methods> {
  const own: Methods = [{ kind: 'password', id: null, name: null }];
  if (relyingPartyOf(context.config.publicUrl)) {
    own.push({ kind: 'passkey', id: null, name: null });
  }
  const providers = await listSignInProviders(context);
  const offered = providers.filter(({ enabled }) => enabled);
  return [...own, ...offered.map(({ kind, id, name }) => ({ kind, id, name }))];
}

type OwnWay = AnswerOf<typeof endpoint>['own_way'];

/**
 * How people of a mail address's domain sign in, where an organization has proven that it is theirs. It is the same for
 * every address of the domain: nothing shows whether there is such a person.
 */
export async function findOwnWay(
  { database }: Context,
  login: string | undefined,
): Promise<OwnWay> {
  const email = emailOf(login ?? null);
  const owner = email ? await findDomainOwner(database, domainOf(email)) : undefined;
  const provider = owner?.provider;
  if (!provider?.enabled) return null;
  const kind = provider.kind === 'saml' ? 'saml' : 'oidc';
  return { kind, id: provider.id, name: provider.name, required: provider.isRequired };
}

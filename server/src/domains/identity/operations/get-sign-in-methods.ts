import type { getSignInMethods as endpoint } from '@sluice/contract/accounts';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type { Context } from '../../../platform/context.ts';
import { relyingPartyOf } from '../core/relying-party.ts';

type Methods = AnswerOf<typeof endpoint>['methods'];

/** The ways to sign in that anyone is offered, in the order of the buttons. */
export async function getSignInMethods({ config }: Context): Promise<Methods> {
  const own: Methods = [{ kind: 'password', id: null, name: null }];
  if (relyingPartyOf(config.publicUrl)) own.push({ kind: 'passkey', id: null, name: null });
  return own;
}

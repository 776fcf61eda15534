import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { describeOurselves } from '../providers/saml/index.ts';
import { findProvider } from '../store/sign-in-providers.ts';
import { addressesOf } from './load-sign-in-provider.ts';

/**
 * What a SAML provider is told about this deployment, before it is switched on too: it is what it is set up with.
 * @throws Refusal `not_found`.
 */
export async function readSamlMetadata(context: Context, providerId: string): Promise<string> {
  const row = await findProvider(context.database, providerId);
  if (row?.kind !== 'saml') throw notFound('SAML provider', 'provider');
  const { redirect, metadata } = addressesOf(context, row);
  return describeOurselves({ receiveUrl: redirect, entityId: metadata ?? redirect });
}

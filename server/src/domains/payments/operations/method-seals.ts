/**
 * What a method is called at its provider is all that a charge needs beside our keys, so it is sealed, and bound to its
 * row; a digest finds it.
 */
import type { Context } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import type { StoredMethod } from '../methods-store.ts';
import type { SavedMethod } from '../provider.ts';

export function sealMethod(
  { sealer }: Context,
  id: string,
  { reference, customer }: SavedMethod,
): { digest: string; sealedReference: string; sealedCustomer: string | null } {
  return {
    digest: digestOf(reference),
    sealedReference: sealer.seal(reference, methodPurpose(id, 'reference')),
    sealedCustomer: customer === null ? null : sealer.seal(customer, methodPurpose(id, 'customer')),
  };
}

export function digestOf(reference: string): string {
  return sha256(`payments.method:${reference}`);
}

/** A stored method as its provider knows it: for use, never for showing. */
export function openMethod(context: Context, method: StoredMethod): SavedMethod {
  const { id, sealedReference, sealedCustomer, kind, label, expires } = method;
  return {
    reference: context.sealer.open(sealedReference, methodPurpose(id, 'reference')),
    customer: sealedCustomer === null ? null : openCustomer(context, { id, sealedCustomer }),
    ...{ kind, label, expires },
  };
}

export function openCustomer(
  { sealer }: Context,
  { id, sealedCustomer }: { id: string; sealedCustomer: string },
): string {
  return sealer.open(sealedCustomer, methodPurpose(id, 'customer'));
}

export function methodPurpose(id: string, part: 'reference' | 'customer'): string {
  return `payments.method.${id}.${part}`;
}

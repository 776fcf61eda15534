import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { signingKeyPurpose } from './access-tokens.ts';
import { saltPurpose } from './foreign-salts.ts';
import { totpPurpose } from './operations/check-second-factor.ts';
import { sealPurpose } from './operations/load-sign-in-provider.ts';
import { flowPurpose } from './operations/sso-flow.ts';

const text = { key: 'id', holds: 'text' } as const;
const flow = { ...text, table: 'identity_sso_flows', key: 'state_hash' };

export const identitySealed: readonly SealedColumn[] = [
  {
    ...text,
    table: 'identity_signing_keys',
    column: 'sealed_private_key',
    purpose: signingKeyPurpose,
  },
  {
    ...text,
    table: 'identity_totp',
    key: 'user_id',
    column: 'sealed_secret',
    purpose: totpPurpose,
  },
  { ...text, table: 'identity_providers', column: 'sealed_secret', purpose: sealPurpose },
  { ...text, table: 'identity_key_salts', column: 'sealed_salt', purpose: saltPurpose },
  { ...flow, column: 'sealed_proof', purpose: (hash) => flowPurpose(hash, 'proof') },
  { ...flow, column: 'sealed_person', purpose: (hash) => flowPurpose(hash, 'person') },
];

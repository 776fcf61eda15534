import type { SealedColumn } from '../../platform/sealed-columns.ts';
import { keyPurpose, proxyPurpose } from './channel-state.ts';

const channels = { table: 'gateway_channels', key: 'id' } as const;

export const gatewaySealed: readonly SealedColumn[] = [
  { ...channels, column: 'keys', holds: 'list', purpose: keyPurpose },
  { ...channels, column: 'sealed_proxy_url', holds: 'text', purpose: proxyPurpose },
];

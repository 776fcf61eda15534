declare module 'virtual:endpoints' {
  import type { Operation } from '@sluice/contract';
  import type { Method } from '@sluice/contract/endpoint';

  export const endpoints: Record<Operation, { method: Method; path: string; idempotent?: boolean }>;
}

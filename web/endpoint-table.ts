/**
 * Gives the browser the contract's routes without its schemas: `virtual:endpoints` is the table operation → method
 * and path. The schemas are checked by the server; shipping zod too would cost every first load some 60 kB.
 */
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '@sluice/contract/endpoint';
import type { Plugin } from 'vite';

const virtualId = 'virtual:endpoints';
const resolvedId = `\0${virtualId}`;

export function endpointTable(): Plugin {
  return {
    name: 'endpoint-table',
    resolveId: (id) => (id === virtualId ? resolvedId : undefined),
    load(id) {
      if (id !== resolvedId) return undefined;
      return readTable();
    },
  };
}

async function readTable(): Promise<string> {
  const door = fileURLToPath(import.meta.resolve('@sluice/contract'));
  const { endpoints } = (await import(door)) as { endpoints: readonly Endpoint[] };
  const rows = endpoints.map(({ operation, method, path, idempotent }) => [
    operation,
    { method, path, ...(idempotent && { idempotent }) },
  ]);
  return `export const endpoints = ${JSON.stringify(Object.fromEntries(rows))};`;
}

/** A pool for a library that takes a `pg.Pool`: with the library's own types, and an end that is waited for. */
import pg from 'pg';
import type { DatabaseOptions } from './pool.ts';

export interface DrainingPool {
  connections: pg.Pool;
  /** Resolves when every connection has ended; `pool.end()` only asks them to. */
  close(): Promise<void>;
}

/**
 * A library that opens a pool of its own may neither wait for its end nor hear its errors meanwhile: a database that is
 * stopped right afterwards would end our process too.
 */
export function openDrainingPool(
  options: Pick<DatabaseOptions, 'url' | 'max' | 'applicationName' | 'onConnectionError'>,
): DrainingPool {
  const connections = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.applicationName,
  });
  const ends = new Set<Promise<void>>();
  connections.on('connect', (client) => {
    // The pool listens to idle connections only; one that breaks while lent out would end the process.
    client.on('error', (error) => options.onConnectionError?.(error));
    const end = new Promise<void>((resolve) => client.once('end', resolve));
    ends.add(end);
    void end.then(() => ends.delete(end));
  });
  connections.on('error', () => undefined);
  return {
    connections,
    async close() {
      await connections.end();
      await Promise.all(ends);
    },
  };
}

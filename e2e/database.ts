/** A look into the database, for what no API shows; tests change nothing there but an expiry. */
import pg from 'pg';
import type { ServerProcess } from './server.ts';

export async function query(
  { databaseUrl }: Pick<ServerProcess, 'databaseUrl'>,
  text: string,
  values: readonly string[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

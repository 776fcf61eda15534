/** The database behind the settings: an operator's own, the embedded one of a running server, or one started for us. */
import type { Config } from '../platform/config.ts';
import { runningEmbeddedUrl, startEmbeddedPostgres } from '../platform/database/embedded.ts';

export interface OpenedDatabase {
  url: string;
  stop(): Promise<void>;
}

const nothingToStop = async () => undefined;

/** For the server itself: the embedded database is started here, and no other process may have it. */
export async function openServerDatabase(
  config: Config,
  say: (line: string) => void,
): Promise<OpenedDatabase> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: nothingToStop };
  return startEmbeddedPostgres({ dataDir: config.dataDir, log: say });
}

/** For a command: it works beside a running server as well as alone. */
export async function openCommandDatabase(
  config: Config,
  say: (line: string) => void,
): Promise<OpenedDatabase> {
  const running = config.databaseUrl === undefined ? runningEmbeddedUrl(config.dataDir) : undefined;
  if (running !== undefined) return { url: running, stop: nothingToStop };
  return openServerDatabase(config, say);
}

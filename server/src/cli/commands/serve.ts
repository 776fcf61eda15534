import { createServer } from 'node:net';
import type { Logger } from 'pino';
import {
  type Deployment,
  openDeployment,
  openServer,
  openServices,
  type Server,
} from '../../main.ts';
import { type Config, ConfigError } from '../../platform/config.ts';
import { setSandboxAddress } from '../../platform/http/sandbox-proxy.ts';
import { createLog } from '../../platform/log.ts';
import { releaseStartupMemory } from '../../platform/memory.ts';
import { type SandboxProcess, startSandboxProcess } from '../../platform/sandbox-process.ts';
import { keepBackups } from '../backup/keep-backups.ts';
import { bringUpToDate } from '../bring-up-to-date.ts';
import type { Command, CommandLine } from '../command.ts';
import { type OpenedDatabase, openServerDatabase } from '../deployment.ts';
import { seedDeployment } from '../seed/seed-deployment.ts';
import type { SignIn } from '../seed/sign-ins.ts';

const webDirectory = new URL('../../../../web/dist', import.meta.url).pathname;

/** Longest wait for what is in flight after the drain delay, more than any part allows itself; then the process ends all the same. */
const drainMs = 90_000;

export const serve: Command = {
  async run(line) {
    const signal = waitForSignal();
    const running = await start(line, signal);
    announce(line, running);
    const name = await signal;
    line.say(`${name}: finishing what is in flight …`);
    setTimeout(() => process.exit(1), line.config.drainDelayMs + drainMs).unref();
    await running.stop();
    return { ok: true, sentence: 'Sluice has stopped.' };
  },
};

interface Running {
  config: Config;
  signIns: readonly SignIn[];
  stop(): Promise<void>;
}

/** Starts part after part; when one fails, those before it are stopped in the opposite order. */
async function start(
  { config: given, say }: CommandLine,
  signal: Promise<string>,
): Promise<Running> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const part of stops.splice(0).reverse()) await part();
  };
  try {
    const placed = await placeOnPort(given);
    const { database, sandbox } = await startBeneath(placed, { say, stops, signal });
    const config = withSandbox(placed, sandbox);
    const deployment = await openDeployment(config, database.url, createLog(config.logLevel));
    stops.push(() => deployment.close());
    // Stops behind the server, when all is committed, and before the database.
    const keeping = keepBackups({
      config,
      url: deployment.directUrl,
      log: deployment.platform.log,
      wall: deployment.platform.clocks.wall,
    });
    if (keeping) stops.push(() => keeping.stop());
    const { server, signIns } = await open(deployment, sandbox);
    stops.push(() => server.close());
    releaseStartupMemory();
    return { config, signIns, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Starting {
  say: (line: string) => void;
  stops: (() => Promise<void>)[];
  /** Resolves when the process is asked to end. */
  signal: Promise<string>;
}

/** The database and the sandbox know nothing of each other, so they start side by side. */
async function startBeneath(
  config: Config,
  { say, stops, signal }: Starting,
): Promise<{ database: OpenedDatabase; sandbox: SandboxProcess | undefined }> {
  const starting =
    config.mode === 'sandbox' ? startSandboxProcess(config.dataDir, config.publicUrl) : undefined;
  // Its failure is heard below; until then it must not count as unhandled.
  starting?.catch(() => undefined);
  stops.push(async () => (await starting?.catch(() => undefined))?.stop());
  const database = await openServerDatabase(config, say);
  // After the sandbox in the list, so before it when stopping.
  stops.push(() => database.stop());
  await bringUpToDate({
    url: config.databaseDirectUrl ?? database.url,
    migrates: config.migratesOnStart,
    ...{ say, signal },
  });
  return { database, sandbox: await starting };
}

async function open(
  deployment: Deployment,
  sandbox: SandboxProcess | undefined,
): Promise<{ server: Server; signIns: readonly SignIn[] }> {
  const { config } = deployment.platform;
  const services = await openServices(deployment);
  const signIns = await seedDeployment(deployment, services, sandbox?.ready);
  const server = await openServer(deployment, services, { webDirectory });
  try {
    await listen(server, deployment);
  } catch (error) {
    await server.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(
      `Port ${config.port} is taken: stop what uses it, or set PORT to another.`,
    );
  }
  return { server, signIns };
}

/** Where it listens is announced in words, so the framework's own line is left out. */
async function listen({ app }: Server, { platform }: Deployment): Promise<void> {
  const { config } = platform;
  const log = platform.log as Logger;
  log.level = 'warn';
  await app.listen({ port: config.port, host: config.host });
  log.level = config.logLevel;
}

/** Port 0 means any free one, and the public address has to name it. */
async function placeOnPort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const port = await freePort(config.host);
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function withSandbox(config: Config, sandbox: SandboxProcess | undefined): Config {
  if (!sandbox) return config;
  setSandboxAddress({
    origin: `http://127.0.0.1:${sandbox.ready.port}`,
    publicUrl: config.publicUrl,
  });
  return {
    ...config,
    smtpUrl: config.smtpUrl ?? `smtp://127.0.0.1:${sandbox.ready.smtp_port}`,
    telegramBotToken: sandbox.ready.telegram.token,
  };
}

function announce({ say }: CommandLine, { config, signIns }: Running): void {
  say('');
  say(`Sluice is ready at ${config.publicUrl}`);
  if (config.mode === 'sandbox') say(`  Mailbox      ${config.publicUrl}/sandbox/mailbox`);
  say(`  API          ${config.publicUrl}/api/docs`);
  for (const { who, email, password } of signIns) say(`  ${who.padEnd(12)} ${email}  ${password}`);
  say('');
}

/** Resolves at the first signal; the second one means "now". */
function waitForSignal(): Promise<string> {
  return new Promise((resolve) => {
    let heard = false;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (heard) process.exit(130);
        heard = true;
        resolve(name);
      });
    }
  });
}

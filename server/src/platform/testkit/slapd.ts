/** A real LDAP server of OpenLDAP on a free port of the loopback address, with its own data; it ends with the test run. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LdapServer {
  readonly url: string;
  readonly port: number;
  /** Certificate that vouches for it, as PEM. */
  readonly ca: string;
  /** Whoever may change everything in it. */
  readonly root: { dn: string; password: string };
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Lets it hang: connections stay open, nothing is answered until `resume`. */
  pause(): void;
  resume(): void;
  dispose(): Promise<void>;
}

export interface LdapServerOptions {
  suffix: string;
  /** Entries to begin with. */
  ldif: string;
  /** Refuses to be asked without encryption. */
  requiresTls?: boolean;
}

const startTimeoutMs = 15_000;
/** Servers may be where only root looks. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const rootPassword = 'root of the tests';

/** @throws Error with what it printed, where it does not start. */
export async function startSlapd(options: LdapServerOptions): Promise<LdapServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-slapd-'));
  const port = await freePort();
  const ca = makeCertificate(folder);
  const file = join(folder, 'slapd.conf');
  mkdirSync(join(folder, 'data'));
  writeFileSync(file, configuration(folder, options));
  run('slapadd', ['-f', file], options.ldif);
  const url = `ldap://127.0.0.1:${port}`;
  const launch = () => startServer(port, ['-f', file, '-h', url, '-d', '0']);
  let running = await launch();
  return {
    url,
    port,
    ca,
    root: { dn: `cn=root,${options.suffix}`, password: rootPassword },
    stop: () => kill(running),
    async start() {
      running = await launch();
    },
    pause: () => void running.kill('SIGSTOP'),
    resume: () => void running.kill('SIGCONT'),
    async dispose() {
      await kill(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, { suffix, requiresTls }: LdapServerOptions): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis', 'msuser'];
  return [
    ...schemas.map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload ppolicy',
    `pidfile ${join(folder, 'slapd.pid')}`,
    `TLSCertificateFile ${join(folder, 'cert.pem')}`,
    `TLSCertificateKeyFile ${join(folder, 'key.pem')}`,
    'disallow bind_anon',
    ...(requiresTls ? ['security tls=1'] : []),
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "cn=root,${suffix}"`,
    `rootpw "${rootPassword}"`,
    `directory ${join(folder, 'data')}`,
    'maxsize 8388608',
    'overlay ppolicy',
    `access to attrs=userPassword by anonymous auth by self write by * none`,
    `access to * by dn.base="cn=reader,${suffix}" read by self read by * none`,
    '',
  ].join('\n');
}

/** A certificate for the loopback address that vouches for itself. */
function makeCertificate(folder: string): string {
  const cert = join(folder, 'cert.pem');
  const subject = [
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  ];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', cert];
  run('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...files]);
  return run('openssl', ['x509', '-in', cert]);
}

async function startServer(port: number, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('slapd', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  servers.add(child);
  child.once('exit', () => servers.delete(child));
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk).slice(-10_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const deadline = performance.now() + startTimeoutMs;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`slapd is not ready in time:\n${printed}`);
    }
    await sleep(30);
  }
  return child;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function run(command: string, args: readonly string[], input?: string): string {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    env,
    ...(input === undefined ? {} : { input }),
  });
  if (done.status !== 0) throw new Error(`${command} failed:\n${done.error ?? done.stderr}`);
  return done.stdout;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** What a test leaves running ends with its process. */
const servers = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of servers) child.kill('SIGKILL');
});

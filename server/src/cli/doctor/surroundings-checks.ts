/** What is around the processes: settings, disk, certificate, Redis. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:tls';
import { type Check, type Finding, fail, lasting, ok, warn } from '../../platform/checks.ts';
import type { Config } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { probeRedis } from '../../platform/redis.ts';

const dayMs = 86_400_000;
const certificateWarnMs = 14 * dayMs;
const certificateWaitMs = 5000;
/** Free, of the whole disk. */
const diskWarnShare = 0.1;
const diskFailShare = 0.03;

export const surroundingsChecks: readonly Check[] = [
  { name: 'settings', run: async ({ config }) => checkSettings(config) },
  { name: 'certificate', run: checkCertificate },
  { name: 'disk', run: ({ config }) => checkDisk(config) },
  { name: 'redis', run: ({ config }) => checkRedis(config) },
];

/** What else is wrong with them stops every command with a sentence before this one is asked. */
function checkSettings({ mode, publicUrl, secretKey, trustedProxies }: Config): Finding[] {
  if (mode === 'sandbox') return [ok('This is a sandbox: its settings are its own.')];
  const findings: Finding[] = [];
  if (secretKey === undefined) {
    const advice = 'Set SLUICE_SECRET_KEY: without it nothing that is sealed can be read.';
    findings.push(fail('There is no secret key.', advice));
  }
  if (!publicUrl.startsWith('https:')) {
    const what = 'Browsers do not reach us by HTTPS.';
    findings.push(fail(what, 'Set SLUICE_PUBLIC_URL to an https address, and put TLS in front.'));
  }
  if (trustedProxies.length === 0) {
    const advice = 'Name the proxies in front in TRUSTED_PROXIES, or every address is theirs.';
    findings.push(warn('No proxy is trusted.', advice));
  }
  return findings.length === 0 ? [ok('The settings are whole.')] : findings;
}

async function checkCertificate({ config, clocks }: Context): Promise<Finding[]> {
  const { protocol, hostname, port } = new URL(config.publicUrl);
  if (protocol !== 'https:') return [];
  const found = await readCertificate(hostname, Number(port || 443));
  if (typeof found === 'string') {
    const advice =
      'Look at the proxy in front. From inside it may be out of reach: then try outside.';
    return [warn(`The certificate of ${hostname} could not be read: ${found}.`, advice)];
  }
  const leftMs = found.getTime() - clocks.wall().getTime();
  const advice = 'Renew it; Caddy does so by itself where it reaches the certificate authority.';
  if (leftMs <= 0) return [fail(`The certificate of ${hostname} has expired.`, advice)];
  const what = `The certificate of ${hostname} is good for ${lasting(leftMs)}.`;
  return [leftMs < certificateWarnMs ? warn(what, advice) : ok(what)];
}

/** Until when it is good, or why nobody knows. An expired one is read as well: that is what is asked. */
function readCertificate(host: string, port: number): Promise<Date | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false });
    const end = (answer: Date | string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(certificateWaitMs, () => end('it does not answer'));
    socket.once('error', (error) => end(error.message));
    socket.once('secureConnect', () => {
      const { valid_to: until } = socket.getPeerCertificate();
      end(until ? new Date(until) : 'it shows none');
    });
  });
}

async function checkDisk({ dataDir, auditDir, backup, databaseUrl }: Config): Promise<Finding[]> {
  const folders = [
    ...(databaseUrl === undefined ? [dataDir] : []),
    auditDir,
    ...(backup ? [backup.directory] : []),
  ];
  const findings: Finding[] = [];
  for (const folder of new Set(folders.filter((each) => existsSync(each)))) {
    const { bavail, blocks } = await statfs(folder);
    const share = blocks === 0 ? 1 : bavail / blocks;
    const percent = share.toLocaleString('en', { style: 'percent' });
    const what = `${percent} of the disk of ${folder} is free.`;
    const advice = 'Make room, or move it to a larger disk.';
    if (share < diskFailShare) findings.push(fail(what, advice));
    else if (share < diskWarnShare) findings.push(warn(what, advice));
    else findings.push(ok(what));
  }
  return findings;
}

async function checkRedis({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) return [];
  if (await probeRedis(redisUrl)) return [ok('Redis answers.')];
  const advice =
    'Start it, or mend REDIS_URL: until then each process keeps its share of the rates.';
  return [fail('Redis does not answer.', advice)];
}

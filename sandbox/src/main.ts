/** The sandbox as its own process: settings from the environment, one message when it listens, an end with its parent. */
import { startSandbox } from './sandbox.ts';

const sandbox = await startSandbox({
  port: readPort('SANDBOX_PORT'),
  smtpPort: readPort('SANDBOX_SMTP_PORT'),
  dataDir: process.env.SANDBOX_DATA_DIR || undefined,
  publicUrl: process.env.SANDBOX_PUBLIC_URL || undefined,
});

process.once('SIGTERM', stop);
// Ctrl-C reaches the whole process group: a parent that still drains needs us until it lets go.
process.on('SIGINT', () => process.send || stop());
process.once('disconnect', stop);
if (process.send && !process.connected) stop();

// Last, because a parent may end us as soon as it has heard.
announce({
  ready: {
    port: sandbox.port,
    smtp_port: sandbox.smtpPort,
    credit: sandbox.credit,
    alipay: sandbox.alipay,
    paypal: sandbox.paypal,
    stripe: sandbox.stripe,
    wechat: sandbox.wechat,
    telegram: sandbox.telegram,
    upstream_key: sandbox.upstreamKey,
  },
});

function announce(message: object): void {
  if (process.send) process.send(message);
  else process.stdout.write(`${JSON.stringify(message)}\n`);
}

function stop(): void {
  sandbox.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error('The sandbox could not close cleanly.', error);
      process.exit(1);
    },
  );
}

function readPort(name: string): number {
  const port = Number(process.env[name] || '0');
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  console.error(`${name} must be a port number from 0 to 65535.`);
  process.exit(1);
}

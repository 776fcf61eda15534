import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  freePort,
  newDataFolder,
  removeDataFolder,
  runCommand,
  type ServerProcess,
  startServer,
} from '../server.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ isFirstStart: true });
});
afterAll(() => server?.dispose());

describe('commands beside a running server', () => {
  const sentences: Record<string, RegExp> = {
    'ledger verify': /^The ledger is clean: \d+ transfers of 6 organizations agree/,
    'audit verify': /^The audit log is whole: \d+ entries/,
    doctor: /All is well\.$/,
    migrate: /^The database schema is up to date\.$/,
  };

  test.each(Object.keys(sentences))('%s ends with a sentence and exit code 0', async (command) => {
    const { code, output } = await runCommand(command.split(' '), server.environment);
    expect(output.trim()).toMatch(sentences[command] as RegExp);
    expect(code).toBe(0);
  });

  test('ledger verify --json says the same to a machine, in one document', async () => {
    const { code, output } = await runCommand(['ledger', 'verify', '--json'], server.environment);
    expect(JSON.parse(output)).toMatchObject({ ok: true, problems: [] });
    expect(code).toBe(0);
  });

  test('an unknown command shows the known ones and fails', async () => {
    const { code, output } = await runCommand(['legder'], server.environment);
    expect(output).toContain('ledger verify');
    expect(code).toBe(2);
  });
});

describe('a start that cannot go well', () => {
  test('a second server on the same data folder says who has it', async () => {
    const second = { ...server.environment, PORT: String(await freePort()) };
    const { code, output } = await runCommand(['serve'], second);
    expect(output).toContain(`Another Sluice is running on ${server.dataDir}`);
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  test('a taken port is named', async () => {
    const dataDir = newDataFolder();
    const second = { ...server.environment, SLUICE_DATA_DIR: dataDir };
    const { code, output } = await runCommand(['serve'], second);
    removeDataFolder(dataDir);
    expect(output).toContain(`Port ${server.port} is taken`);
    expect(code).toBe(1);
  });

  test.each([
    ['PORT', { PORT: 'x' }],
    ['SLUICE_MODE', { SLUICE_MODE: 'production' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost/sluice' }],
    ['SLUICE_TIME_ZONE', { SLUICE_TIME_ZONE: 'Mars/Olympus' }],
    ['SLUICE_SECRET_KEY', { SLUICE_SECRET_KEY: 'short' }],
    ['SLUICE_SECRET_KEY and SLUICE_PUBLIC_URL', { SLUICE_MODE: 'live' }],
  ])('a wrong %s is named in a sentence', async (name, wrong) => {
    const { code, output } = await runCommand(['serve'], wrong);
    expect(output).toContain(name);
    expect(output).not.toContain('    at ');
    expect(output).not.toContain('Sluice is ready');
    expect(code).toBe(1);
  });
});

describe('live mode', () => {
  test('has no mailbox, no practice payments and no movable clock', async () => {
    const port = await freePort();
    const live = await startServer({
      environment: {
        SLUICE_MODE: 'live',
        HOST: '127.0.0.1',
        PORT: String(port),
        SLUICE_PUBLIC_URL: 'https://sluice.example.com',
        SLUICE_SECRET_KEY: 'a secret of at least thirty-two characters',
      },
    });
    try {
      for (const path of [
        '/sandbox',
        '/sandbox/mailbox',
        '/sandbox/credit/orders',
        '/sandbox/upstream/v1/models',
        '/api/v1/admin/sandbox/clock',
      ]) {
        const { status } = await fetch(`http://127.0.0.1:${port}${path}`);
        expect([path, status]).toEqual([path, 404]);
      }
      const deployment = await fetch(`http://127.0.0.1:${port}/api/v1/deployment`);
      expect(await deployment.json()).toMatchObject({ mode: 'live', usage_currency: 'USD' });
      expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    } finally {
      await live.dispose();
    }
  });
});

describe('an idle server', () => {
  test('takes less than 200 MB', async () => {
    await useLightly();
    const afterSeedingMb = server.residentMb();
    await server.restart();
    await useLightly();
    const residentMb = server.residentMb();
    // The first start makes a month of calls for the demo, and V8 keeps the room that this took.
    console.log(
      `resident memory of an idle server: ${residentMb.toFixed(0)} MB (${afterSeedingMb.toFixed(0)} MB after the first start)`,
    );
    expect(residentMb).toBeLessThan(200);
  });

  async function useLightly(): Promise<void> {
    for (let count = 0; count < 20; count += 1) {
      expect((await fetch(`${server.url}/api/v1/packages`)).status).toBe(200);
      expect((await fetch(`${server.url}/`)).status).toBe(200);
    }
  }
});

/** The guide's commands and programs are run as they stand there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, done } from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

const guides = new URL('../../docs/guides/', import.meta.url).pathname;
const text = readFileSync(join(guides, 'metering-your-application.md'), 'utf8');
const mark = '=== end of a block ===';

let server: ServerProcess;
/** Where a program finds the packages of the repository, and git does not look. */
let folder: string;
/** What each block of commands printed. */
let printed: string[];
let environment: Record<string, string>;

beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(new URL('../../node_modules/.guide-', import.meta.url).pathname);
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    SLUICE: server.url,
    OPERATOR: server.operator.email,
    OPERATOR_PASSWORD: server.operator.password,
  };
  const blocks = blocksOf('sh').map((block) => `${block}echo '${mark}'\n`);
  const script = `set -euo pipefail\n${blocks.join('')}echo "$SLUICE_APPLICATION_KEY"\n`;
  printed = run('bash', ['-c', script]).split(`${mark}\n`);
  environment.SLUICE_APPLICATION_KEY = printed.at(-1)?.trim() ?? '';
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server?.dispose();
});

function blocksOf(language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, block = '']) => block);
}

function run(program: string, args: string[]): string {
  const ended = spawnSync(program, args, { env: environment, cwd: folder, encoding: 'utf8' });
  expect(
    ended.status,
    `${program}: ${ended.error?.message ?? ''} ${ended.stderr} ${ended.stdout}`,
  ).toBe(0);
  return ended.stdout;
}

/** What the block that holds this text printed. */
function printedBy(part: string): string {
  const index = blocksOf('sh').findIndex((block) => block.includes(part));
  return printed[index] ?? '';
}

describe('the commands', () => {
  test('name a customer and give it a plan', () => {
    expect(JSON.parse(printedBy('subjects/clinic-42'))).toMatchObject({ slug: 'medical-pro' });
  });

  test('ask, settle, and give back', () => {
    const [permit = '', receipt = ''] = splitJson(printedBy('"scan-1"'));
    expect(JSON.parse(permit)).toMatchObject({
      decision: 'permit',
      request_id: 'scan-1',
      limits: [{ meter: 'medical.analyses', limit: '10000', reserved: '1' }],
    });
    expect(JSON.parse(receipt)).toEqual({
      request_id: 'scan-1',
      meters: { 'medical.analyses': '1', 'medical.storage': '0.25' },
      late: false,
    });
    expect(printedBy('"scan-2"')).toBe('"permit"\n{"request_id":"scan-2","released":true}\n');
  });

  test('are told which limit refused', () => {
    expect(JSON.parse(printedBy('"scan-3"'))).toMatchObject({
      code: 'quota_exceeded',
      retry_after_seconds: expect.any(Number),
      limit: { meter: 'medical.analyses', used: '1', remaining: '9999' },
    });
  });

  test('pay for a call of a model', () => {
    const [decision, ...receipt] = printedBy('"chat-1"').split('\n');
    expect(decision).toBe('"permit"');
    expect(JSON.parse(receipt.join('\n'))).toMatchObject({
      formula: expect.stringContaining('1130 input'),
      paid_by: [{ kind: 'wallet' }],
    });
  });

  test('show features and quotas, count a rate, and report', () => {
    const [features = '', ...rest] = printedBy('access/features').trim().split('\n');
    expect(JSON.parse(features)).toMatchObject({
      data: { sso: true, seats: 100 },
      plan: 'medical-pro',
    });
    expect(JSON.parse(rest.pop() ?? '')).toMatchObject({ allowed: true, remaining: 59 });
    expect(rest.map((line) => JSON.parse(line).meter)).toContain('medical.analyses');
    expect(printedBy('usage/events')).toBe('["accepted","duplicate"]\n');
  });
});

describe('the Python client', () => {
  test('does what the guide shows', () => {
    writeFileSync(join(folder, 'guide.py'), blocksOf('python')[0] ?? '');
    environment.PYTHONPATH = join(guides, 'python');
    environment.PYTHONDONTWRITEBYTECODE = '1';
    const lines = run('python3', ['guide.py']).trim().split('\n');
    expect(lines[0]).toBe("{'medical.analyses': '1', 'medical.tokens': '850'}");
    expect(lines[1]).toMatch(/^quota_exceeded medical.analyses \d{4}-/);
    expect(lines.slice(2, 4)).toEqual(['accepted', 'True']);
    expect(lines.slice(4)).toContain('medical.analyses month 2 9998');
  });

  test('settles once though its first answer was lost, and releases what failed', () => {
    writeFileSync(join(folder, 'retry.py'), retries);
    expect(run('python3', ['retry.py'])).toBe('1 2\nbroken\nTrue\nunreachable\n');
  });
});

const retries = `
import os, socket, threading, urllib.parse
import sluice_client
from sluice_client import Sluice, SluiceUnreachable, SluiceError

target = urllib.parse.urlparse(os.environ["SLUICE"])
clinic = {"external_id": "clinic-42"}
accepted = 0

def serve(listener):
    """Passes requests on; of the first settle it keeps the answer to itself."""
    global accepted
    lost = False
    while True:
        caller, _ = listener.accept()
        asked = caller.recv(65536)
        while b"\\r\\n\\r\\n" not in asked or (b"POST" in asked[:4] and not asked.endswith(b"}")):
            asked += caller.recv(65536)
        sluice = socket.create_connection((target.hostname, target.port))
        sluice.sendall(asked)
        answer = b""
        while True:
            part = sluice.recv(65536)
            answer += part
            if not part:
                break
        if b"/settle" in asked:
            accepted += 1
            if not lost:
                lost = True
                caller.close()
                continue
        caller.sendall(answer)
        caller.close()

listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
sluice = Sluice("http://127.0.0.1:%d" % listener.getsockname()[1], os.environ["SLUICE_APPLICATION_KEY"])

with sluice.call("lost-1", clinic, {"analyses": 1}) as call:
    pass
print(call.receipt["meters"]["medical.analyses"], accepted)
try:
    with sluice.call("failed-1", clinic, {"analyses": 1}):
        raise ValueError("broken")
except ValueError as error:
    print(error)
try:
    sluice.settle("failed-1", {"analyses": 1})
except SluiceError as refusal:
    print(refusal.code == "request_closed")
listener.close()
sluice_client.ATTEMPTS_MAX = 2
try:
    Sluice("http://127.0.0.1:1", "ak-none").quotas(clinic)
except SluiceUnreachable:
    print("unreachable")
`;

describe('access tokens', () => {
  test('are checked with the public keys, and no other token is good', async () => {
    const { access_token } = await done(
      createClient(server).post('/api/v1/auth/login', {
        login: server.customer.email,
        password: server.customer.password,
      }),
    );
    const ask = `
      const [good, bad] = process.argv.slice(2);
      console.log(JSON.stringify(await personOf(good)));
      console.log(await personOf(bad).catch((error) => error.code));
    `;
    writeFileSync(join(folder, 'tokens.mjs'), (blocksOf('js')[0] ?? '') + ask);
    const [head, claims, signature = ''] = access_token.split('.');
    const forged = [
      head,
      claims,
      signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`,
    ];
    const lines = run(process.execPath, ['tokens.mjs', access_token, forged.join('.')]).split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      user: expect.stringMatching(/^usr_/),
      organization: expect.stringMatching(/^org_/),
    });
    expect(lines[1]).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });
});

/** Two objects that jq printed one after the other. */
function splitJson(printedJson: string): string[] {
  return printedJson.split(/(?<=^\})\n/m).filter((part) => part.trim() !== '');
}

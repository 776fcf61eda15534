/** The catalog as a file, on the command line beside a running server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { done, signIn } from '../client.ts';
import { type Ended, runCommand, type ServerProcess, startServer } from '../server.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const sluice = (...words: string[]): Promise<Ended> => runCommand(words, server.environment);
function fileOf(text: string): string {
  const file = join(server.dataDir, 'pricing.yaml');
  writeFileSync(file, text);
  return file;
}

describe('sluice pricing', () => {
  test('exports a file that changes nothing, and applies another one at once', async () => {
    const operator = await signIn(server, server.operator);
    const exported = await sluice('pricing', 'export');
    expect(exported).toMatchObject({ code: 0, output: expect.stringMatching(/^# The catalog/) });
    const same = await sluice('pricing', 'diff', fileOf(exported.output));
    expect(same).toMatchObject({ code: 0, output: 'The catalog is as the file says.\n' });

    const meter = '  - { meter: reports, name: Reports, aggregation: count }\n';
    const plan =
      '  - { slug: team, name: Team, quotas: [{ meter: reports, window: day, limit: 5 }] }\n';
    const file = fileOf(`meters:\n${meter}plans:\n${plan}`);
    const announced = await sluice('pricing', 'diff', file);
    expect(announced.output).toBe(
      '  added     meter reports\n  added     plan team\nApplying it means: 2 added. Nothing was done.\n',
    );
    const { data } = await done(operator.get('/api/v1/admin/meters'));
    expect(data.map(({ reference }: { reference: string }) => reference)).not.toContain('reports');

    expect((await sluice('pricing', 'apply', file)).output).toContain('Applied: 2 added.\n');
    const found = await done(operator.get('/api/v1/admin/plans/team'));
    expect(found).toMatchObject({ version: 1, quotas: [{ meter: 'reports', limit: '5' }] });
    const again = await sluice('pricing', 'apply', file);
    expect(again.output).toBe('The catalog is as the file says already.\n');
  });

  test('refuses a file with its mistakes, and ends with 1', async () => {
    const file = fileOf('plans: [{ slug: team, colour: red }]');
    const refused = await sluice('pricing', 'apply', file);
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('line 1, column 23'),
    });
    const machine = await sluice('pricing', 'apply', file, '--json');
    expect(JSON.parse(machine.output)).toMatchObject({ ok: false, problems: [{ line: 1 }, {}] });
  });
});

import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog, logOfRequest } from './log.ts';

function write(say: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const written = new PassThrough();
  written.on('data', (text) => {
    for (const line of String(text).trim().split('\n')) lines.push(JSON.parse(line));
  });
  say(logOfRequest(createLog('debug', written), 'req_1'));
  return lines;
}

describe('logOfRequest', () => {
  test('puts the id on every line, whatever is said', () => {
    const lines = write((log) => {
      log.info('only words');
      log.warn({ status: 502 }, 'with fields');
      log.error(new Error('broken'), 'with an error');
      log.child({ job: 'x' }).debug('of a part');
    });
    expect(lines).toMatchObject([
      { requestId: 'req_1', level: 30, msg: 'only words' },
      { requestId: 'req_1', level: 40, msg: 'with fields', status: 502 },
      { requestId: 'req_1', level: 50, msg: 'with an error', err: { message: 'broken' } },
      { requestId: 'req_1', level: 20, msg: 'of a part', job: 'x' },
    ]);
  });

  test('scrubs what is secret, as every log does', () => {
    const [line] = write((log) => log.info({ body: { password: 'p', name: 'Ada' } }, 'a request'));
    expect(line).toMatchObject({
      requestId: 'req_1',
      body: { password: '[scrubbed]', name: 'Ada' },
    });
  });
});

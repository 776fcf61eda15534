import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Clock } from '../steering/clock.ts';
import { Deliveries } from './deliveries.ts';

const received: string[] = [];
let refusals = 0;
let url = '';
const merchant = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  received.push(Buffer.concat(parts).toString());
  refusals -= 1;
  response.writeHead(refusals >= 0 ? 500 : 200).end('noted');
});

beforeAll(async () => {
  merchant.listen(0, '127.0.0.1');
  await once(merchant, 'listening');
  url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/hook`;
});
afterAll(() => {
  merchant.close();
});

const open = (clock: Clock, path?: string) =>
  new Deliveries<string>({
    ...{ clock, path, scheduleMs: [15_000, 180_000] },
    compose: ({ payload }) => ({ url, method: 'POST', headers: {}, body: payload }),
    accepts: ({ status }) => status === 200,
  });

it('repeats along the schedule until it is accepted, or gives up', async () => {
  const clock = new Clock();
  const deliveries = open(clock);
  refusals = 4;
  const [first] = await deliveries.add('order', ['one']);
  expect(first).toMatchObject({ status: 'waiting', attempts: 1, last_answer: '500 noted' });
  clock.moveTo(new Date(clock.now().getTime() + 16_000));
  await expect.poll(() => deliveries.of('order')[0]).toMatchObject({ attempts: 2 });
  clock.moveTo(new Date(clock.now().getTime() + 181_000));
  await expect.poll(() => deliveries.of('order')[0]).toMatchObject({ status: 'given_up' });

  await deliveries.resend(first?.id ?? '');
  expect(deliveries.of('order')[0]).toMatchObject({ status: 'given_up', attempts: 4 });
  await deliveries.resend(first?.id ?? '');
  expect(deliveries.of('order')[0]).toMatchObject({ status: 'accepted', attempts: 5 });
  expect(received).toEqual(['one', 'one', 'one', 'one', 'one']);
  await deliveries.close();
});

it('owes after a restart what it owed before', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'sluice-deliveries-')), 'deliveries.jsonl');
  const clock = new Clock();
  const before = open(clock, path);
  await before.add('late', ['two'], { delayMs: 60_000 });
  await before.close();
  expect(received).not.toContain('two');

  clock.moveTo(new Date(clock.now().getTime() + 61_000));
  const after = open(clock, path);
  await expect.poll(() => after.of('late')[0]).toMatchObject({ status: 'accepted' });
  expect(received).toContain('two');
  await after.close();
});

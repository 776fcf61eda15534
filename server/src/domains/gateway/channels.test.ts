import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { keyPurpose } from './channel-state.ts';
import { type Channels, createChannels } from './channels.ts';
import { dialects } from './core/surfaces.ts';
import { createChannel } from './operations/create-channel.ts';
import { deleteChannel } from './operations/delete-channel.ts';
import { listChannels, readChannel } from './operations/read-channels.ts';
import { updateChannel } from './operations/update-channel.ts';
import { findChannelRow } from './store.ts';

let db: TestDatabase;
let platform: TestPlatform;
/** As another process has it. */
let other: Channels;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  other = await createChannels(platform);
  await platform.notifications.start(db.url);
});
afterAll(async () => {
  await platform.notifications.close();
  await db.close();
});

const settings = (name: string, rest: object = {}) => ({
  name,
  dialect: 'openai' as const,
  base_url: 'https://api.example.com/v1/',
  api_key: `sk-secret-of-${name}`,
  models: [`model-of-${name}`],
  ...rest,
});
const create = (name: string, rest: object = {}) =>
  createChannel(testContext(platform), settings(name, rest));
/** News from another process takes a moment. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn += 1) {
    if (turn > 1000) throw new Error('the news never came');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const wanted = (model: string) => ({ model, tried: new Set<string>(), dialects });
const take = (model: string) => {
  const channel = other.take(wanted(model));
  if (channel) other.release(channel);
  return channel;
};

describe('channels', () => {
  it('seals the key for its own row', async () => {
    const { id, base_url: baseUrl } = await create('sealed');
    expect(baseUrl).toBe('https://api.example.com/v1');
    const row = await findChannelRow(platform.database, id);
    expect(JSON.stringify(row)).not.toContain('sk-secret');
    const { sealer } = platform;
    const sealed = row?.keys[0]?.sealed ?? '';
    expect(sealer.open(sealed, keyPurpose(id))).toBe('sk-secret-of-sealed');
    expect(() => sealer.open(sealed, keyPurpose('chn_other'))).toThrow();
  });

  it('reach every process, with each change', async () => {
    const context = testContext(platform);
    const { id } = await create('told');
    await until(() => take('model-of-told') !== undefined);
    await updateChannel(context, id, { models: ['x'], aliases: { nick: 'name' }, api_key: 'sk-2' });
    await until(() => take('nick') !== undefined);
    expect(take('nick')).toMatchObject({ apiKey: 'sk-2', baseUrl: 'https://api.example.com/v1' });
    expect(other.models().has('model-of-told')).toBe(false);
    await updateChannel(context, id, { status: 'disabled' });
    await until(() => take('nick') === undefined);
    await updateChannel(context, id, { status: 'active' });
    await until(() => take('nick') !== undefined);
    await deleteChannel(context, id);
    await until(() => take('nick') === undefined);
    await expect(readChannel(context, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keep what is in flight through a change', async () => {
    const { id } = await create('busy', { concurrency: 1 });
    await until(() => other.models().has('model-of-busy'));
    const taken = other.take(wanted('model-of-busy'));
    await updateChannel(testContext(platform), id, { name: 'renamed' });
    await until(() => taken?.attempt.state.settings.name === 'renamed');
    expect(other.take(wanted('model-of-busy'))).toBeUndefined();
    if (taken) other.release(taken);
    expect(other.take(wanted('model-of-busy'))?.name).toBe('renamed');
  });

  it('rest after failures, and are forgiven when their address changes', async () => {
    const { id } = await create('tired');
    await until(() => other.models().has('model-of-tired'));
    const channel = take('model-of-tired');
    if (!channel) throw new Error('a channel serves the model');
    other.failed(channel, {
      ...{ kind: 'rest', of: 'channel', reason: 'overloaded' },
      length: { kind: 'asked', ms: 60_000 },
    });
    expect(take('model-of-tired')).toBeUndefined();
    const context = testContext(platform);
    await updateChannel(context, id, { base_url: 'https://other.example.com/v1' });
    await until(() => take('model-of-tired') !== undefined);
  });

  it('are listed in the order in which they are tried, page by page', async () => {
    await create('last', { priority: -1000 });
    await create('first', { priority: 1000 });
    const context = testContext(platform);
    const all = await listChannels(context, { limit: 200 });
    expect(all.data.at(0)?.name).toBe('first');
    expect(all.data.at(-1)?.name).toBe('last');
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listChannels(context, { limit: 2, cursor });
      names.push(...page.data.map(({ name }) => name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(names).toEqual(all.data.map(({ name }) => name));
    await expect(listChannels(context, { limit: 2, cursor: 'bm9uZQ' })).rejects.toMatchObject({
      code: 'malformed',
    });
  });

  it('do not lead into a private network in live mode', async () => {
    const live = testPlatform(db, { config: { mode: 'live' } });
    const command = settings('private', { base_url: 'http://169.254.169.254/v1' });
    await expect(createChannel(testContext(live), command)).rejects.toMatchObject({
      code: 'rule_violated',
      param: 'base_url',
    });
  });
});

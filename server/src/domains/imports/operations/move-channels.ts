import { Refusal } from '../../../platform/errors.ts';
import { addDisabledChannel } from '../../gateway/index.ts';
import { checksumOf } from '../core/checksum.ts';
import { cleanText } from '../core/clean-text.ts';
import type { OldChannel } from '../core/old-installation.ts';
import { noteAll, noteLeft } from '../core/report.ts';
import { findMappings, type Mapping, type SourceRow, saveMappings } from '../store.ts';
import type { ImportRun } from './run-import.ts';

const nameMax = 100;
const modelsMax = 500;
const modelMax = 200;
/** As many as a channel may have here. */
const keysMax = 20;

/** Moves channels with their keys; each is off until an operator has looked at it. */
export async function moveChannels(run: ImportRun): Promise<void> {
  const { old, source, report, context, command } = run;
  const channels = await old.channels();
  const theirIds = channels.map(({ id }) => id);
  const known = source
    ? await findMappings(context.database, { sourceId: source.id, kind: 'channel', theirIds })
    : new Map<string, Mapping>();
  for (const channel of channels) {
    if (run.isStopped()) return;
    report.channels.read += 1;
    await run.advance('channels', report.channels.read, channels.length);
    const of = { kind: 'channel' as const, id: channel.id, name: channel.name.slice(0, nameMax) };
    if (known.has(channel.id)) {
      report.channels.unchanged += 1;
      continue;
    }
    const reason =
      flawOf(channel) ?? (command.applies && source ? await move(run, source, channel) : undefined);
    if (reason === undefined) {
      report.channels.moved += 1;
      const rest = channel.apiKeys.length - keysMax;
      noteAll(
        report,
        of,
        rest > 0 ? [...channel.notCarried, `${rest} of its keys`] : channel.notCarried,
      );
    } else {
      report.channels.left += 1;
      noteLeft(report, { ...of, text: reason });
    }
  }
}

function flawOf({ dialect, baseUrl, apiKeys, models }: OldChannel): string | undefined {
  if (dialect === null) return 'its vendor speaks no dialect that is spoken here';
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) return 'it has no address';
  if (apiKeys.length === 0) return 'it has no key';
  if (models.length === 0) return 'it has no models';
  return undefined;
}

/** Answers why it stays there. */
async function move(
  run: ImportRun,
  source: SourceRow,
  channel: OldChannel,
): Promise<string | undefined> {
  const { context } = run;
  const [first = '', ...more] = channel.apiKeys.slice(0, keysMax);
  try {
    await run.inBatch(source, async (transaction) => {
      const { id: ourId } = await addDisabledChannel(context, transaction, {
        name: cleanText(channel.name, nameMax) ?? `${source.name} ${channel.id}`,
        dialect: channel.dialect ?? 'openai',
        base_url: channel.baseUrl,
        api_key: first,
        other_keys: more,
        models: channel.models.filter((name) => name.length <= modelMax).slice(0, modelsMax),
        aliases: channel.aliases,
        weight: channel.weight,
        priority: channel.priority,
      });
      const checksum = checksumOf([channel.name]);
      const mapping = { theirId: channel.id, ourId, organizationId: null, checksum, amount: null };
      const at = context.clocks.wall();
      await saveMappings(transaction, {
        ...{ sourceId: source.id, kind: 'channel', mappings: [mapping], at },
      });
    });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

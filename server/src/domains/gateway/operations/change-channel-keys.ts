import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { keyPurpose } from '../channel-state.ts';
import type { ChannelRow } from '../store.ts';
import { newStoredKey } from './create-channel.ts';
import { changeChannel } from './update-channel.ts';

/** As the table's check says. */
const keysMax = 20;

/**
 * Adds a key: new calls share all keys of the channel.
 * @throws Refusal `not_found`, `already_exists`, `rule_violated` beyond twenty keys.
 */
export async function addChannelKey(
  context: Context,
  id: string,
  apiKey: string,
): Promise<ChannelRow> {
  return changeChannel(context, id, {
    action: 'channel.add_key',
    change(before) {
      if (before.keys.length >= keysMax) {
        throw new Refusal(
          'rule_violated',
          `A channel has at most ${keysMax} keys: remove one first.`,
        );
      }
      const isKnown = before.keys.some(
        ({ sealed }) => context.sealer.open(sealed, keyPurpose(id)) === apiKey,
      );
      if (isKnown) {
        throw new Refusal('already_exists', 'The channel has this key already.', {
          param: 'api_key',
        });
      }
      return { ...before, keys: [...before.keys, newStoredKey(context, id, apiKey)] };
    },
  });
}

/**
 * Removes a key; calls in flight finish with it.
 * @throws Refusal `not_found`, `rule_violated` for the last key.
 */
export async function removeChannelKey(
  context: Context,
  id: string,
  keyId: string,
): Promise<ChannelRow> {
  return changeChannel(context, id, {
    action: 'channel.remove_key',
    change(before) {
      const keys = before.keys.filter((key) => key.id !== keyId);
      if (keys.length === before.keys.length) throw notFound('key');
      if (keys.length === 0) {
        throw new Refusal(
          'rule_violated',
          'This is the only key: add another first, or delete the channel.',
        );
      }
      return { ...before, keys };
    },
  });
}

import type { Context } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type SettingName, type SettingValue, settings } from '../settings.ts';
import { lockSetting, saveValue } from '../store.ts';
import { readSetting } from './read-setting.ts';

/** Every process hears a changed setting's name here, once the change is committed. */
export const settingsChannel = 'settings_changed';

/**
 * Writes a setting, and tells every process.
 * @throws Refusal `rule_violated` where the value is not of the setting's shape.
 */
export async function writeSetting<Name extends SettingName>(
  context: Context,
  transaction: Transaction,
  name: Name,
  value: SettingValue<Name>,
): Promise<void> {
  const parsed = settings[name].schema.safeParse(value);
  if (!parsed.success) {
    const reason = parsed.error.issues[0]?.message ?? 'it has another shape';
    throw new Refusal('rule_violated', `Correct the setting ${name}: ${reason}.`, { param: name });
  }
  await lockSetting(transaction, name);
  const old = await readSetting(transaction, name);
  await saveValue(transaction, { name, value: parsed.data, at: context.clocks.wall() });
  await notify(transaction, settingsChannel, name);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'setting.write',
    resource: { kind: 'setting', id: name },
    oldValues: { value: old },
    newValues: { value: parsed.data },
  });
}

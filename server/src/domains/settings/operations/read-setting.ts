import type { Executor } from '../../../platform/database/pool.ts';
import { type SettingName, type SettingValue, settings } from '../settings.ts';
import { findValue } from '../store.ts';

/** The value of a setting, or what it is until somebody writes it. */
export async function readSetting<Name extends SettingName>(
  executor: Executor,
  name: Name,
): Promise<SettingValue<Name>> {
  const { schema, initial } = settings[name];
  const stored = await findValue(executor, name);
  return schema.parse(stored ?? initial) as SettingValue<Name>;
}

/** The door of settings: what operators set while the service runs. */

export { exchangeRate } from './operations/exchange-rate.ts';
export { readSetting } from './operations/read-setting.ts';
export { settingsChannel, writeSetting } from './operations/write-setting.ts';
export type { SettingName, SettingValue } from './settings.ts';

/** The door of settings: what operators set while the service runs. */

export { followClock } from './clock.ts';
export { defaultPlanChanged, dunningStepsChanged } from './events.ts';
export { registerClock, registerDeployment, registerSettings } from './http.ts';
export { changeSeller } from './operations/change-seller.ts';
export { changeSettings } from './operations/change-settings.ts';
export { exchangeRate } from './operations/exchange-rate.ts';
export { readSetting } from './operations/read-setting.ts';
export { settingsChannel, writeSetting } from './operations/write-setting.ts';
export type { SettingName, SettingValue } from './settings.ts';

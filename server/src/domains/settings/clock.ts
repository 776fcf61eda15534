/** How far business time runs ahead in this process; every process follows the setting. */
import type { Platform } from '../../platform/context.ts';
import { readSetting } from './operations/read-setting.ts';
import { settingsChannel } from './operations/write-setting.ts';

/** Keeps `setOffsetMs` told of the deployment's offset, now and after every change. */
export async function followClock(
  platform: Platform,
  setOffsetMs: (offsetMs: number) => void,
): Promise<void> {
  const read = async () => setOffsetMs(await readSetting(platform.database, 'clock_offset_ms'));
  const readAgain = () => {
    read().catch((error) =>
      platform.log.error({ err: error }, 'the clock offset could not be read'),
    );
  };
  platform.notifications.subscribe(settingsChannel, {
    onNotify: (name) => {
      if (name === 'clock_offset_ms') readAgain();
    },
    onGap: readAgain,
  });
  await read();
}

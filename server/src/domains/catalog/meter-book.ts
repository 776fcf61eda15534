/** Every meter, in a process's memory: read whole, reloaded when any process changes one. */
import type { Platform } from '../../platform/context.ts';
import type { Meter } from './core/meter.ts';
import { findNamed } from './core/names.ts';
import { loadMeters } from './meters-store.ts';

/** Channel on which a changed meter is made known to every process. */
export const metersChannel = 'catalog_meters';

export interface MeterBook {
  /** The meter that an application, or the deployment, calls so. */
  find(applicationId: string | null, key: string): Meter | undefined;
  /** What an application means by a name: its own key first, then the deployment's, or a whole reference. */
  resolve(applicationId: string | null, name: string): Meter | undefined;
  byId(id: string): Meter | undefined;
  /** Archived ones too. */
  all(): readonly Meter[];
  /** Reads the book anew; the process that changed it calls this before it answers. */
  load(): Promise<void>;
}

export async function createMeterBook(platform: Platform): Promise<MeterBook> {
  let meters: readonly Meter[] = [];
  let byId = new Map<string, Meter>();
  let byKey = new Map<string, Meter>();
  let loading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    meters = await loadMeters(platform.database);
    byId = new Map(meters.map((meter) => [meter.id, meter]));
    byKey = new Map(meters.map((meter) => [`${meter.applicationId ?? ''} ${meter.key}`, meter]));
  }
  // One after the other, so that an older reading never replaces a newer one.
  const load = () => {
    loading = loading.catch(() => undefined).then(read);
    return loading;
  };
  const reload = () => {
    load().catch((error) => platform.log.error({ err: error }, 'the meters could not be read'));
  };
  platform.notifications.subscribe(metersChannel, { onNotify: reload, onGap: reload });
  await load();

  return {
    load,
    byId: (id) => byId.get(id),
    find: (applicationId, key) => byKey.get(`${applicationId ?? ''} ${key}`),
    resolve: (applicationId, name) => findNamed(meters, applicationId, name),
    all: () => meters,
  };
}

/** What imports keep about a person. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { readPersonalData } from '../personal-store.ts';

export const importsPersonalData: PersonalData = {
  name: 'imports',
  export: async ({ database }, userId) => readPersonalData(database, userId),
  // The two ids stay: without them a later import would bring the person back.
  erase: async () => undefined,
};

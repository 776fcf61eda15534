/** What the log tells about a person: what they did, from where, with what values. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { readPersonalEntries } from '../personal-store.ts';
import { erasePersonOfAudit } from './record-audit.ts';

export const auditPersonalData: PersonalData = {
  name: 'audit',
  async export({ database }, userId) {
    return readPersonalEntries(database, userId);
  },
  erase: erasePersonOfAudit,
};

/** What rules keep of a person: an address that an operator had written there. */
import type { PersonalData } from '../../../platform/personal-data.ts';
import { people } from '../../identity/index.ts';
import { forgetAddress, listRulesMailing } from '../rules-store.ts';

export const alertsPersonalData: PersonalData = {
  name: 'alert_rules',
  async export({ database }, userId) {
    const email = (await people.findByIds(database, [userId], undefined)).get(userId)?.email;
    const rules = email === undefined ? [] : await listRulesMailing(database, email);
    return rules.map(({ id, name, metric }) => ({ rule: id, name, metric, mails: email }));
  },
  async erase(_context, transaction, userId) {
    const email = (await people.findByIds(transaction, [userId], undefined)).get(userId)?.email;
    if (email !== undefined) await forgetAddress(transaction, email);
  },
};

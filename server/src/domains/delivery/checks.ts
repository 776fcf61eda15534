import { type Check, count, fail, lasting, ok, warn } from '../../platform/checks.ts';
import { readMailBacklog } from './watch-store.ts';

const lateMs = 15 * 60_000;

export const deliveryChecks: readonly Check[] = [
  {
    name: 'mail',
    async run({ config, database, clocks }) {
      const now = clocks.wall();
      if (config.mode === 'live' && config.smtpUrl === undefined) {
        return [fail('No mail can leave.', 'Set SMTP_URL.')];
      }
      const lateBefore = new Date(now.getTime() - lateMs);
      const { late, oldest, lastError } = await readMailBacklog(database, lateBefore);
      if (late === 0n || oldest === null) return [ok('Mails leave.')];
      const waited = lasting(now.getTime() - oldest.getTime());
      const said = lastError === null ? '' : ` The mail server says: ${lastError}`;
      return [
        warn(
          `${count(late, 'mail')} cannot leave, the oldest for ${waited}.${said}`,
          'See that a server runs and works on jobs, and that SMTP_URL is right.',
        ),
      ];
    },
  },
];

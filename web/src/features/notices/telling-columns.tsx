/** What left the app, to whom, and what became of it: for those who set it up, and for operators. */
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

export type Telling = Answer<'searchNoticeTellings'>['data'][number];
type TellingStatus = Telling['status'];

const tones: Record<TellingStatus, Tone> = {
  queued: 'active',
  sending: 'active',
  sent: 'good',
  skipped: 'bad',
  unclear: 'warning',
};
export const tellingStatuses = Object.keys(tones) as TellingStatus[];

/** `memberOf` names members, where somebody may know them. */
export function useTellingColumns(
  memberOf: (userId: string) => string | undefined,
): Column<Telling>[] {
  const t = useTranslations('notices.tellings');
  const tChannels = useTranslations('teams.notifications.channelNames');
  const nameOf = ({ to, channel }: Telling): string => {
    if (to === 'address') return t('address');
    if (to === 'disconnected') return t('disconnected');
    if (channel === 'telegram' || channel === 'wecom') return to;
    return memberOf(to) ?? t('member');
  };
  return [
    { title: t('event'), cell: ({ event }) => <code>{event}</code> },
    { title: t('channel'), cell: ({ channel }) => tChannels(channel) },
    { title: t('to'), cell: nameOf },
    {
      title: t('status'),
      cell: ({ status, detail }) => (
        <div>
          <Status tone={tones[status]}>{t(`statuses.${status}`)}</Status>
          {detail !== null && <div className="soft">{detail}</div>}
        </div>
      ),
    },
    { title: t('when'), cell: ({ created_at: at }) => <When at={at} /> },
  ];
}

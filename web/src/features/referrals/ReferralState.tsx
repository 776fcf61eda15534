import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Status, type Tone } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';

type Referral = Pick<Answer<'listReferrals'>['data'][number], 'state' | 'reason' | 'due_at'>;

const tones: Record<Referral['state'], Tone> = {
  pending: 'active',
  earned: 'good',
  refused: 'quiet',
  clawed_back: 'bad',
};

/** How a referral stands, and why: its reason, or until when it waits. */
export function ReferralState({ referral: { state, reason, due_at } }: { referral: Referral }) {
  const t = useTranslations('growth');
  const due = due_at && t.rich('due', { when: () => <When at={due_at} show="day" /> });
  return (
    <div>
      <div>
        <Status tone={tones[state]}>{t(`states.${state}`)}</Status>
      </div>
      {(reason || due) && <small>{reason ? t(`reasons.${reason}`) : due}</small>}
    </div>
  );
}

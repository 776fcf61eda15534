import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Status, type Tone } from '../../ui/Status.tsx';

export type Fapiao = Answer<'getFapiao'>;

const tones: Record<Fapiao['status'], Tone> = {
  requested: 'active',
  issued: 'good',
  sent: 'good',
  rejected: 'bad',
  to_be_reversed: 'warning',
  reversed: 'quiet',
};

export function FapiaoStatus({ status }: { status: Fapiao['status'] }) {
  const t = useTranslations('fapiao.statuses');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}

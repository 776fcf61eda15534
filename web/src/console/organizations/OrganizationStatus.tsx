import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Status, type Tone } from '../../ui/Status.tsx';

export type Organization = Answer<'searchOrganizations'>['data'][number];

const tones: Record<Organization['status'], Tone> = {
  active: 'good',
  past_due: 'warning',
  suspended: 'bad',
};

export function OrganizationStatus({ status }: { status: Organization['status'] }) {
  const t = useTranslations('console.organizations.statuses');
  return <Status tone={tones[status]}>{t(status)}</Status>;
}

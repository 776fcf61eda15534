import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import type { Organization } from './OrganizationStatus.tsx';

/** Suspends a customer, or lets it work again. */
export function StatusButton({ organization }: { organization: Organization }) {
  const t = useTranslations('console.organizations');
  const confirm = useConfirm();
  const change = useChange('setOrganizationStatus', {
    refreshes: ['inspectOrganization', 'searchOrganizations'],
  });
  const { id, name } = organization;
  const isSuspended = organization.status === 'suspended';
  const ask = () =>
    confirm({
      title: t(isSuspended ? 'activateTitle' : 'suspendTitle', { name }),
      content: t(isSuspended ? 'activateNote' : 'suspendNote'),
      okText: t(isSuspended ? 'activate' : 'suspend'),
      isDanger: !isSuspended,
      act: () =>
        change.mutateAsync({
          params: { id },
          body: { status: isSuspended ? 'active' : 'suspended' },
        }),
    });
  return (
    <AllowedButton operation="setOrganizationStatus" danger={!isSuspended} onClick={ask}>
      {t(isSuspended ? 'activate' : 'suspend')}
    </AllowedButton>
  );
}

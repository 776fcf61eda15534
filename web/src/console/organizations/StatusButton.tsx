import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { ReasonQuestion } from '../forms/ReasonQuestion.tsx';
import type { Organization } from './OrganizationStatus.tsx';

/** Suspends a customer, or lets it work again; the audit log keeps why. */
export function StatusButton({ organization }: { organization: Organization }) {
  const t = useTranslations('console.organizations');
  const [isAsking, setAsking] = useState(false);
  const change = useChange('setOrganizationStatus', {
    refreshes: ['inspectOrganization', 'searchOrganizations', 'searchAuditLogs'],
    onDone: () => setAsking(false),
  });
  const { id, name } = organization;
  const isSuspended = organization.status === 'suspended';
  const act = t(isSuspended ? 'activate' : 'suspend');
  return (
    <>
      <AllowedButton
        operation="setOrganizationStatus"
        danger={!isSuspended}
        onClick={() => setAsking(true)}
      >
        {act}
      </AllowedButton>
      {isAsking && (
        <ReasonQuestion
          title={t(isSuspended ? 'activateTitle' : 'suspendTitle', { name })}
          content={t(isSuspended ? 'activateNote' : 'suspendNote')}
          okText={act}
          error={change.error}
          isPending={change.isPending}
          onAnswer={(reason) =>
            change.mutate({
              params: { id },
              body: { status: isSuspended ? 'active' : 'suspended', reason },
            })
          }
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

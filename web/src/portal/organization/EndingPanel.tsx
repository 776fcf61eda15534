import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { Membership } from '../../features/session/session.ts';
import { Panel } from '../../ui/Panel.tsx';
import { EndMembership } from './EndMembership.tsx';
import { HandOver } from './HandOver.tsx';

/** Ways out of an organization. */
export function EndingPanel({ organization }: { organization: Membership }) {
  const t = useTranslations('teams.organization');
  const [open, setOpen] = useState<'transfer' | 'leave' | 'close'>();
  const close = () => setOpen(undefined);
  const blockedBecause = organization.personal ? t('personalNote') : undefined;
  return (
    <Panel title={t('ending')}>
      <div className="stack">
        {blockedBecause && <p>{blockedBecause}</p>}
        <div className="actions">
          <AllowedButton
            operation="transferOrganization"
            blockedBecause={blockedBecause}
            onClick={() => setOpen('transfer')}
          >
            {t('transfer')}
          </AllowedButton>
          <AllowedButton
            operation="leaveOrganization"
            blockedBecause={blockedBecause}
            onClick={() => setOpen('leave')}
          >
            {t('leave')}
          </AllowedButton>
          <AllowedButton
            operation="deleteOrganization"
            danger
            blockedBecause={blockedBecause}
            onClick={() => setOpen('close')}
          >
            {t('close')}
          </AllowedButton>
        </div>
      </div>
      {open === 'transfer' && <HandOver organization={organization} onClose={close} />}
      {(open === 'leave' || open === 'close') && (
        <EndMembership organization={organization} how={open} onClose={close} />
      )}
    </Panel>
  );
}

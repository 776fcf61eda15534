import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Status } from '../../ui/Status.tsx';
import type { Sso } from './SsoPanel.tsx';

type Domain = Sso['domains'][number];

interface SsoDomainsProps {
  organizationId: string;
  domains: Domain[];
}

/** Mail domains, each with the record that proves it until it is proven. */
export function SsoDomains({ organizationId, domains }: SsoDomainsProps) {
  return domains.map((domain) => (
    <DomainProof key={domain.domain} organizationId={organizationId} domain={domain} />
  ));
}

function DomainProof({ organizationId, domain }: { organizationId: string; domain: Domain }) {
  const t = useTranslations('sso.organization');
  const prove = useChange('proveSsoDomain', { refreshes: ['getOrganizationSso'] });
  const { name, value } = domain.record;
  const isProven = domain.proven_at !== null;
  return (
    <div className="stack-tight">
      <div className="actions">
        <strong>{domain.domain}</strong>
        <Status tone={isProven ? 'good' : 'quiet'}>{t(isProven ? 'proven' : 'unproven')}</Status>
        {!isProven && (
          <AllowedButton
            operation="proveSsoDomain"
            size="small"
            loading={prove.isPending}
            aria-label={t('proveNamed', { domain: domain.domain })}
            onClick={() => prove.mutate({ params: { id: organizationId, domain: domain.domain } })}
          >
            {t('prove')}
          </AllowedButton>
        )}
      </div>
      {!isProven && (
        <p>
          {t('record', { name })}{' '}
          <span className="address">
            <code>{value}</code>
            <CopyButton text={value} label={t('copyValue')} />
          </span>
        </p>
      )}
      <Refused error={prove.error} />
    </div>
  );
}

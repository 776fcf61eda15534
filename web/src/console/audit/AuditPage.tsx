import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { AuditChange } from '../../features/audit/AuditFilters.tsx';
import { AuditLog } from '../../features/audit/AuditLog.tsx';
import { paths } from '../../paths.ts';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';

const route = getRouteApi('/console/admin/audit');

/** What was done on the whole deployment. */
export function AuditPage() {
  const navigate = useNavigate();
  const search = route.useSearch();
  const onChange = (change: AuditChange & { entry?: string }) =>
    void navigate({
      to: paths.consoleAudit,
      search: { ...search, entry: '', ...change },
      replace: true,
    });
  const filter = (
    <OrganizationFilter
      value={search.organization}
      onChange={(organization) => onChange({ organization })}
    />
  );
  return (
    <AuditLog
      operation="searchAuditLogs"
      exportOperation="exportAllAuditLogs"
      search={search}
      onChange={onChange}
      customers={{ filter, render: (id) => <OrganizationLink id={id} /> }}
    />
  );
}

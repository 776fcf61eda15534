import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { AuditLog } from '../../features/audit/AuditLog.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { auditWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';

const route = getRouteApi('/portal/audit');

/** What was done in the organization, by whom and from where. */
export function AuditPage() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (
    <WithWords words={auditWords}>
      <AuditLog
        operation="listAuditLogs"
        exportOperation="exportAuditLogs"
        search={search}
        onChange={({ organization: _all, ...change }) =>
          void navigate({
            to: paths.audit,
            search: { ...search, entry: '', ...change },
            replace: true,
          })
        }
      />
    </WithWords>
  );
}

import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { isAllowed } from '../session/allowed.ts';
import { useSession } from '../session/session.ts';

interface Subject {
  kind: 'organization' | 'member' | 'api_key' | 'cost_center';
  id: string;
}

/** The names of members, keys and cost centers, as far as whoever looks may see them; ids where not. */
export function useSubjectNames(): (subject: Subject) => string {
  const t = useTranslations('quotas');
  const session = useSession();
  const id = session.organization?.id ?? '';
  const keys = usePages(
    'listApiKeys',
    { query: { limit: 200 } },
    { enabled: isAllowed('listApiKeys', session) },
  );
  const members = usePages(
    'listMembers',
    { params: { id }, query: { limit: 200 } },
    { enabled: id !== '' && isAllowed('listMembers', session) },
  );
  const centers = usePages(
    'listCostCenters',
    { params: { id }, query: { limit: 200, archived: 'true' } },
    { enabled: id !== '' && isAllowed('listCostCenters', session) },
  );
  return ({ kind, id }) => {
    if (kind === 'organization') return t('organization');
    if (kind === 'api_key') return keys.rows?.find((key) => key.id === id)?.name ?? id;
    if (kind === 'cost_center') {
      const center = centers.rows?.find((one) => one.id === id);
      return center ? `${center.code} ${center.name}` : id;
    }
    const member = members.rows?.find((one) => one.id === id);
    return member ? (member.name ?? member.email) : id;
  };
}

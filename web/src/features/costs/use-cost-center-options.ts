import { usePages } from '../../api/use-pages.ts';
import { isAllowed } from '../session/allowed.ts';
import { useSession } from '../session/session.ts';

/** Cost centers in use, to choose among. */
export function useCostCenterOptions(): { value: string; label: string }[] {
  const session = useSession();
  const id = session.organization?.id ?? '';
  const centers = usePages(
    'listCostCenters',
    { params: { id }, query: { limit: 200 } },
    { enabled: id !== '' && isAllowed('listCostCenters', session) },
  );
  return (centers.rows ?? []).map(({ id, code, name }) => ({
    value: id,
    label: `${code} ${name}`,
  }));
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';

const keptMs = 300_000;

/** Records name their customer by id; people know it by name. Each is asked for once, then kept for a while. */
export function useOrganizationName(id: string | undefined): string | undefined {
  const found = useQuery({
    ...reading('searchOrganizations', { query: { q: id ?? '' } }),
    enabled: id !== undefined,
    staleTime: keptMs,
  });
  return found.data?.data.find((organization) => organization.id === id)?.name;
}

export function OrganizationLink({ id }: { id: string | null }) {
  const name = useOrganizationName(id ?? undefined);
  if (id === null) return '–';
  return (
    <Link to={paths.consoleOrganization} params={{ id }} title={id}>
      {name ?? <code>{id}</code>}
    </Link>
  );
}

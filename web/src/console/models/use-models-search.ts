import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { paths } from '../../paths.ts';

const route = getRouteApi('/console/admin/models');

type Search = ReturnType<typeof route.useSearch>;

/** What the address of the models' page says, and how it is changed; what is emptied goes. */
export function useModelsSearch() {
  const navigate = useNavigate();
  const search = route.useSearch();
  const change = (changes: Search) =>
    void navigate({ to: paths.consoleModels, search: { ...search, ...changes }, replace: true });
  return { search, change };
}

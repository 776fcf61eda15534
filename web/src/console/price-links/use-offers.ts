/** What can be sold by a link: packages and plans that are on offer. */
import { usePages } from '../../api/use-pages.ts';

const shownMax = 200;

export function useOffers() {
  const packages = usePages('searchPackages', { query: { limit: shownMax } }).rows ?? [];
  const plans = usePages('searchPlans', { query: { limit: shownMax } }).rows ?? [];
  const sold = plans.filter(
    ({ addon_of, prices, visible_to, status }) =>
      addon_of === null && prices.length > 0 && visible_to === 'public' && status === 'active',
  );
  return {
    packages: packages.filter(({ status }) => status === 'active'),
    plans: sold,
    nameOf(link: { package: string | null; plan: string | null }): string {
      const offer =
        packages.find(({ id }) => id === link.package) ?? plans.find(({ id }) => id === link.plan);
      return offer?.name ?? link.package ?? link.plan ?? '';
    },
  };
}

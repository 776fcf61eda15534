/**
 * Who may import whom, as data. A domain imports only the doors of domains in a smaller row; domains of one row are
 * strangers. What must travel up travels as an event.
 */
export const layers: readonly (readonly string[])[] = [
  ['audit'],
  ['jobs'],
  ['settings', 'delivery'],
  ['identity'],
  ['catalog', 'ledger'],
  ['entitlements'],
  ['metering'],
  ['access', 'payments'],
  ['invoicing'],
  ['subscriptions'],
  ['gateway', 'reports'],
  ['notices', 'webhooks', 'alerts', 'risk', 'growth', 'imports', 'status'],
  ['customers'],
];

/**
 * The fewest modules a run over this repository may see. A parser that silently reads nothing finds nothing wrong, so
 * the check fails below the floor. Raise it as the code grows.
 */
export const modulesSeenMin = 900;

/** Folders that the rules are about. */
export const roots = [
  'contract',
  'server',
  'sdk',
  'sandbox',
  'web',
  'e2e',
  'bench',
  'simulation',
  'conformance',
  'tools',
] as const;

export const domains: readonly string[] = layers.flat();

/** Domains whose door `domain` may import. */
export function domainsBelow(domain: string): readonly string[] {
  const row = layers.findIndex((names) => names.includes(domain));
  return layers.slice(0, Math.max(row, 0)).flat();
}

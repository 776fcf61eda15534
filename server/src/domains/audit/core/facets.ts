/** What the log is filtered by. Each facet is a column, and a text in the index of all facets. */

/** The letter before a facet's value in the index, as the migration of the log's months writes it. */
export const facetLetters = {
  organization: 'o',
  actor: 'a',
  actor_kind: 'c',
  action: 'x',
  noun: 'n',
  resource_kind: 'k',
  resource: 'r',
  ip: 'i',
  request: 'q',
} as const;

export type FacetName = keyof typeof facetLetters;

export interface Facet {
  name: FacetName;
  value: string;
}

export interface AuditQuestion {
  /** Entries of this organization; left out: of the whole deployment. */
  organizationId?: string | undefined;
  /** Id of a user or key, or a kind such as `api_key`. */
  actor?: string | undefined;
  /** Instead of `actor`, where somebody was named by mail: whose it is; null: nobody's. */
  actorId?: string | null | undefined;
  /** The action, such as `package.purchase`, or its noun. */
  action?: string | undefined;
  /** Id or kind of the record. */
  resource?: string | undefined;
  ip?: string | undefined;
  /** Any id of an entry: its own or its beginning, the request's, the actor's, the record's, the organization's. */
  id?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

export const actorKinds = ['user', 'api_key', 'application', 'provider', 'system'] as const;

/** All of the lists must hold, one facet of each. */
export type Facets = readonly (readonly Facet[])[];

/** What an entry must be, apart from when; `idPrefix` where the id of entries itself is asked for. */
export function facetsOf(question: AuditQuestion): { facets: Facets; idPrefix?: string } {
  const { organizationId, actor, actorId, action, resource, ip, id } = question;
  const facets: Facet[][] = [];
  if (organizationId) facets.push([{ name: 'organization', value: organizationId }]);
  if (actorId !== undefined)
    facets.push(actorId === null ? [] : [{ name: 'actor', value: actorId }]);
  else if (actor) facets.push([{ name: isKind(actor) ? 'actor_kind' : 'actor', value: actor }]);
  if (action) facets.push([actionFacet(action)]);
  if (resource) facets.push(alternatives(resource, ['resource', 'resource_kind']));
  if (ip) facets.push([{ name: 'ip', value: ip }]);
  if (!id) return { facets };
  if (id.startsWith('aud_')) return { facets, idPrefix: id };
  facets.push(alternatives(id, ['actor', 'resource', 'request', 'organization']));
  return { facets };
}

function isKind(text: string): boolean {
  return actorKinds.some((kind) => kind === text);
}

/** `package.purchase` is one action; `package` and `package.` are all of that noun. */
function actionFacet(action: string): Facet {
  const [noun = '', verb = ''] = action.split('.', 2);
  return verb === '' ? { name: 'noun', value: noun } : { name: 'action', value: action };
}

function alternatives(value: string, names: readonly FacetName[]): Facet[] {
  return names.map((name) => ({ name, value }));
}

/** As the index has it. */
export function indexed({ name, value }: Facet): string {
  return `${facetLetters[name]}:${value}`;
}

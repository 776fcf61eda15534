import type { Answer } from '../../api/call.ts';

/** An organization with everything that its page shows. */
export type Customer = Answer<'inspectOrganization'>;

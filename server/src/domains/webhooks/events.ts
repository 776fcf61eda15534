/** What webhooks hear of. */
import { type Listener, news, reaction } from '../../platform/events.ts';
import { happened } from '../../platform/happenings.ts';
import { organizationClosing } from '../identity/index.ts';
import { hearSoon } from './operations/hear-soon.ts';
import { tellEndpoints } from './operations/tell-endpoints.ts';
import { deleteEndpointsOf } from './store/endpoints.ts';

export const webhooksListeners: readonly Listener[] = [
  news(happened, tellEndpoints),
  reaction(happened, hearSoon),
  reaction(organizationClosing, (_context, transaction, { organizationId }) =>
    deleteEndpointsOf(transaction, organizationId),
  ),
];

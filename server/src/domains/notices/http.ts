import * as endpoints from '@sluice/contract/notices';
import type { Context } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { formatNanos, parseNanos } from '../../platform/money.ts';
import { changeLowBalance, readLowBalance } from '../ledger/index.ts';
import {
  checkDestination,
  createDestination,
  readDestinations,
  removeDestination,
  testDestination,
} from './operations/destinations.ts';
import {
  countNotices,
  markAllRead,
  markNoticeRead,
  type Reader,
  readNotices,
} from './operations/read-notices.ts';
import { readTellings } from './operations/read-tellings.ts';

export function registerNotices(routes: Routes): void {
  routes.serve(endpoints.listNotices, ({ context, caller, query }) =>
    readNotices(context, readerOf(caller), query),
  );
  routes.serve(endpoints.countNotices, async ({ context, caller }) => ({
    unread: await countNotices(context, readerOf(caller)),
  }));
  routes.serve(endpoints.readNotice, ({ context, caller, params }) =>
    markNoticeRead(context, readerOf(caller), params.id),
  );
  routes.serve(endpoints.readNotices, ({ context, caller }) =>
    markAllRead(context, readerOf(caller)),
  );
  routes.serve(endpoints.listNoticeTellings, ({ context, organizationId, query }) =>
    readTellings(context, { ...query, organization: organizationId }),
  );
  routes.serve(endpoints.searchNoticeTellings, ({ context, query }) =>
    readTellings(context, query),
  );
  registerDestinations(routes);
  registerLowBalance(routes);
}

function registerDestinations(routes: Routes): void {
  routes.serve(endpoints.listNoticeDestinations, ({ context, organizationId }) =>
    readDestinations(context, organizationId),
  );
  routes.serve(endpoints.createNoticeDestination, ({ context, organizationId, body }) =>
    createDestination(context, organizationId, body),
  );
  routes.serve(endpoints.checkNoticeDestination, ({ context, organizationId, params }) =>
    checkDestination(context, { organizationId, id: params.id }),
  );
  routes.serve(endpoints.testNoticeDestination, async ({ context, organizationId, params }) => {
    const outcome = await testDestination(context, { organizationId, id: params.id });
    return {
      outcome: outcome.status,
      detail: outcome.status === 'sent' ? null : outcome.detail,
    };
  });
  routes.serve(endpoints.deleteNoticeDestination, ({ context, organizationId, params }) =>
    removeDestination(context, { organizationId, id: params.id }),
  );
}

function registerLowBalance(routes: Routes): void {
  routes.serve(endpoints.getLowBalance, ({ context, organizationId }) =>
    presentLowBalance(context, organizationId),
  );
  routes.serve(endpoints.setLowBalance, async ({ context, organizationId, body }) => {
    await changeLowBalance(context, organizationId, parseNanos(body.amount));
    return presentLowBalance(context, organizationId);
  });
}

async function presentLowBalance({ database, config }: Context, organizationId: string) {
  const threshold = await readLowBalance(database, organizationId);
  return { amount: formatNanos(threshold), currency: config.usageCurrency };
}

function readerOf(caller: Caller): Reader {
  invariant(caller.kind === 'user', 'notices in the app are a person’s');
  const { organizationId, userId } = caller;
  return { organizationId, userId };
}

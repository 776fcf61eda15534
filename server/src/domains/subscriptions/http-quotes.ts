import * as endpoints from '@sluice/contract/quotes';
import type { Context } from '../../platform/context.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { readPayWith } from '../payments/index.ts';
import { presentQuote } from './core/present-quote.ts';
import type { Quote } from './core/quote.ts';
import { acceptQuote } from './operations/accept-quote.ts';
import { declineQuote, withdrawQuote } from './operations/close-quote.ts';
import { listQuotes, previewQuote, requireQuote } from './operations/read-quotes.ts';
import { sendQuote } from './operations/send-quote.ts';
import { createQuote, updateQuote } from './operations/write-quote.ts';

/** Serves quotes, to their customers and to operators. */
export function registerQuotes(routes: Routes): void {
  serveOwn(routes);
  serveAll(routes);
}

function serveOwn(routes: Routes): void {
  routes.serve(endpoints.listQuotes, ({ context, organizationId, query }) =>
    listQuotes(context, { ...query, organizationId, isSent: true }),
  );
  routes.serve(endpoints.getQuote, ({ context, organizationId, params }) =>
    shown(context, requireQuote(context, { id: params.id, organizationId })),
  );
  routes.serve(endpoints.previewQuote, ({ context, organizationId, params }) =>
    previewQuote(context, { id: params.id, organizationId }),
  );
  routes.serve(endpoints.acceptQuote, ({ context, organizationId, params, body }) => {
    const who = { id: params.id, organizationId };
    return acceptQuote(context, { ...who, ...readPayWith(body) });
  });
  routes.serve(endpoints.declineQuote, ({ context, organizationId, params, body }) =>
    shown(context, declineQuote(context, { ...body, id: params.id, organizationId })),
  );
}

function serveAll(routes: Routes): void {
  routes.serve(endpoints.searchQuotes, ({ context, query }) => {
    const { organization: organizationId, ...page } = query;
    return listQuotes(context, { ...page, organizationId, isSent: false });
  });
  routes.serve(endpoints.inspectQuote, ({ context, params }) =>
    shown(context, requireQuote(context, params)),
  );
  routes.serve(endpoints.inspectQuotePreview, ({ context, params }) =>
    previewQuote(context, params),
  );
  routes.serve(endpoints.createQuote, ({ context, body }) =>
    shown(context, createQuote(context, body)),
  );
  routes.serve(endpoints.updateQuote, ({ context, params, body }) =>
    shown(context, updateQuote(context, params.id, body)),
  );
  routes.serve(endpoints.sendQuote, ({ context, params }) =>
    shown(context, sendQuote(context, params.id)),
  );
  routes.serve(endpoints.withdrawQuote, ({ context, params }) =>
    shown(context, withdrawQuote(context, params.id)),
  );
}

async function shown(context: Context, quote: Promise<Quote>) {
  return presentQuote(await quote, context.clocks.business());
}

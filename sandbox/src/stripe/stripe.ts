/** Stripe in miniature: its API, its Checkout page, its events, and what it keeps between starts. */
import type { Route } from '../http/router.ts';
import type { Clock } from '../steering/clock.ts';
import type { Account } from './account.ts';
import { accountEndpoints, draftEndpoint } from './account-api.ts';
import { settleRefund } from './after-sales.ts';
import { serveApi } from './api.ts';
import { type Books, type Due, nameOf, openBooks, orderOfIntent } from './books.ts';
import { Dues } from './dues.ts';
import { secondsOf } from './ids.ts';
import { intentEndpoints } from './intent-api.ts';
import { openNews } from './news.ts';
import { expireWhenDue } from './page-desk.ts';
import { payPageRoutes } from './pay-page-routes.ts';
import { payerEndpoints } from './payer-api.ts';
import { salesEndpoints } from './sales-api.ts';
import { sessionEndpoints } from './session-api.ts';
import { steeringRoutes } from './steering-routes.ts';
import { type Desk, returnDebit, settleDebit } from './till.ts';

export interface StripeOptions {
  merchant: Account;
  clock: Clock;
  dataDir: string | undefined;
  publicUrl: string;
}

export interface StripeSandbox {
  routes: Route[];
  close(): Promise<void>;
}

/** The endpoint that the account comes with: its secret is the one that the merchant was given. */
export const firstEndpoint = 'we_sandbox';

export function openStripe({ merchant, clock, dataDir, publicUrl }: StripeOptions): StripeSandbox {
  const books = openBooks(dataDir);
  const news = openNews({ books, clock, dataDir });
  const dues: Dues = new Dues(books.dues, clock, (due) => happen(desk, due));
  const desk: Desk = { books, clock, news, dues, publicUrl };
  openEndpoint(books, { merchant, clock, publicUrl });
  clock.onMove(() => {
    for (const session of books.sessions.all()) expireWhenDue(desk, session);
  });
  dues.run();
  return {
    routes: [
      ...serveApi(desk, merchant, [
        ...sessionEndpoints(desk),
        ...intentEndpoints(desk),
        ...salesEndpoints(desk),
        ...payerEndpoints(desk),
        ...accountEndpoints(desk, merchant),
      ]),
      ...payPageRoutes(desk),
      ...steeringRoutes(desk),
    ],
    close: async () => {
      dues.close();
      await news.deliveries.close();
      books.close();
    },
  };
}

/** Events go to the site that the sandbox is part of, wherever that is now, unless the merchant moved them. */
function openEndpoint(
  books: Books,
  { merchant, clock, publicUrl }: Pick<StripeOptions, 'merchant' | 'clock' | 'publicUrl'>,
): void {
  const known = books.endpoints.get(firstEndpoint);
  if (known && !known.url.endsWith('/api/v1/webhooks/stripe')) return;
  books.endpoints.put(
    draftEndpoint({
      ...{ id: firstEndpoint, url: `${publicUrl}/api/v1/webhooks/stripe` },
      ...{ created: secondsOf(clock.now()), events: ['*'], metadata: {} },
      secret: merchant.webhook_secret,
    }),
  );
}

function happen(desk: Desk, { what, about, code }: Due): void {
  const { books, news } = desk;
  if (what === 'refund') {
    const refund = books.refunds.get(about);
    const order = orderOfIntent(books, nameOf(refund?.payment_intent));
    if (refund) settleRefund(desk, refund, order?.number ?? refund.id);
    return;
  }
  const intent = books.intents.get(about);
  if (!intent) return;
  const number = orderOfIntent(books, about)?.number ?? about;
  const returns = what === 'return';
  news.tell(
    number,
    returns ? returnDebit(desk, intent, code ?? 'could_not_process') : settleDebit(desk, intent),
  );
}

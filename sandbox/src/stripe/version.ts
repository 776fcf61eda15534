/** The version of the API that is spoken here; the compiler holds it to the one that the SDK pins. */
import type Stripe from 'stripe';

export const apiVersion: typeof Stripe.API_VERSION = '2026-10-28.endive';

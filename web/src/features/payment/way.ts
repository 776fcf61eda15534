/** A way to pay as a request names it: a provider by one of its means, the wallet, or a stored method. */

export interface PayWith {
  provider?: string;
  means?: string;
  save_method?: boolean;
  payment_method_id?: string;
}

/** What tells two ways apart; whether the method is kept makes no other way of it. */
export function wayKey({ provider, means, payment_method_id: method }: PayWith): string {
  return method ?? [provider, means].filter(Boolean).join('/');
}

/** As an idempotency key ends: another way to pay is another request. */
export function requestKey(way: PayWith | undefined): string {
  return way ? `${wayKey(way)}${way.save_method ? '-kept' : ''}` : 'link';
}

export interface WayOption {
  way: PayWith;
  label: string;
  /** Whether the payer may have the method kept. */
  stores: boolean;
  /** Why it cannot be chosen now. */
  blockedBecause?: string | undefined;
}

/** The first way that is open. */
export function firstWay(options: readonly WayOption[]): PayWith | undefined {
  return options.find(({ blockedBecause }) => !blockedBecause)?.way;
}

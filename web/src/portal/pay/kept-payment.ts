/** The payment that this tab began with a link, so that whoever comes back from the provider sees what became of it. */
const keyOf = (link: string) => `pay:${link}`;

export function keptPayment(link: string): string | undefined {
  return sessionStorage.getItem(keyOf(link)) ?? undefined;
}

export function keepPayment(link: string, paymentId: string): void {
  sessionStorage.setItem(keyOf(link), paymentId);
}

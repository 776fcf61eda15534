/** A pay page within another site's page: it tells that page what became of the payment, and leaves by the whole window. */

const isEmbedded = window.parent !== window;

/** Providers let nobody show their pages within another. */
export function leaveTo(url: string): void {
  if (isEmbedded && window.top) window.top.location.href = url;
  else location.assign(url);
}

/** The page around it learns no more than that the invoice of this link is paid. */
export function tellPaid(link: string): void {
  if (isEmbedded) window.parent.postMessage({ source: 'sluice', event: 'paid', link }, '*');
}

/** A sealed address or code opens only as its own destination's. */
export function sealPurpose(destinationId: string): string {
  return `notices:${destinationId}`;
}

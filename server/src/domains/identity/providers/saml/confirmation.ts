/** Whether a signed assertion was made for us, and for the request that this browser began. */

interface Element {
  $?: Readonly<Record<string, string>>;
  [child: string]: unknown;
}

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/** The library looks at the times of a confirmation; the recipient it leaves to us. */
export function isConfirmed(
  parsed: unknown,
  expected: { recipient: string; requestId: string; notBefore: Date },
): boolean {
  const [subject] = childrenOf((parsed as Element | undefined)?.Assertion, 'Subject');
  return childrenOf(subject, 'SubjectConfirmation').some((confirmation) => {
    const [data] = childrenOf(confirmation, 'SubjectConfirmationData');
    return (
      confirmation.$?.Method === bearer &&
      data?.$?.Recipient === expected.recipient &&
      data.$.InResponseTo === expected.requestId &&
      Date.parse(data.$.NotOnOrAfter ?? '') > expected.notBefore.getTime() &&
      data.$.NotBefore === undefined
    );
  });
}

function childrenOf(element: unknown, name: string): Element[] {
  const children = (element as Element | undefined)?.[name];
  return Array.isArray(children) ? (children as Element[]) : [];
}

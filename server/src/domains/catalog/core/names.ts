/** How meters and features are named by those who use them. */

interface Named {
  applicationId: string | null;
  key: string;
  reference: string;
}

/**
 * What a name means: a whole reference such as `medical.analyses`, or a bare key, which is the application's own first
 * and then the deployment's.
 */
export function findNamed<T extends Named>(
  all: readonly T[],
  applicationId: string | null,
  name: string,
): T | undefined {
  if (name.includes('.')) return all.find(({ reference }) => reference === name);
  const own = all.find((one) => one.applicationId === applicationId && one.key === name);
  return own ?? all.find((one) => one.applicationId === null && one.key === name);
}

/**
 * The features that an application may see, named as it names them: its own by their keys, and the deployment's where
 * it has none of that key. Those of other applications are none of its business.
 */
export function featuresFor<Value>(
  features: Readonly<Record<string, Value>>,
  applicationSlug: string,
): Record<string, Value> {
  const prefix = `${applicationSlug}.`;
  const named: Record<string, Value> = {};
  for (const [reference, value] of Object.entries(features)) {
    if (!reference.includes('.')) named[reference] = value;
  }
  for (const [reference, value] of Object.entries(features)) {
    if (reference.startsWith(prefix)) named[reference.slice(prefix.length)] = value;
  }
  return named;
}

/** Which call a result answers, where ids are optional: the one of that id, else the first of that name without a result. */
export interface OpenCall {
  id: string;
  name: string;
}

/** Takes it out of the list. */
export function takeCall(
  openCalls: OpenCall[],
  result: { id: string | undefined; name: string },
): OpenCall | undefined {
  const found = openCalls.findIndex((call) =>
    result.id ? call.id === result.id : call.name === result.name,
  );
  return found < 0 ? undefined : openCalls.splice(found, 1)[0];
}

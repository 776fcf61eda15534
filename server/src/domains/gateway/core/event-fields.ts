/** The fields of one server-sent event. */

const space = 0x20;

/** The name of an event and its payload: its data lines joined. */
export function readFields(bytes: Buffer): { name: string | undefined; data: string | undefined } {
  let name: string | undefined;
  let data: string | undefined;
  for (const line of bytes.toString('utf8').split(/\r?\n/)) {
    if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === space ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) {
      name = line.slice(6).trim();
    }
  }
  return { name, data };
}

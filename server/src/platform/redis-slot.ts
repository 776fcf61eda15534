/** The slot of a cluster that a key lies in. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const slotCount = 16_384;
const polynomial = 0x1021;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1;
  return crc & 0xffff;
});

/** CRC16 of the key, or of what stands in its first braces. */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(hashed(key))) {
    crc = ((crc << 8) ^ (table[((crc >> 8) ^ byte) & 0xff] ?? 0)) & 0xffff;
  }
  return crc % slotCount;
}

function hashed(key: string): string {
  const from = key.indexOf('{');
  const to = key.indexOf('}', from + 1);
  return from >= 0 && to > from + 1 ? key.slice(from + 1, to) : key;
}

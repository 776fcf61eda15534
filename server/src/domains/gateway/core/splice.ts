/** Replaces ranges of a body and leaves every other byte as it came. */
export interface Edit {
  start: number;
  /** Exclusive; equal to `start` where the text is only inserted. */
  end: number;
  text: string;
}

/** The body with the edits made; their ranges must not overlap. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return bytes;
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text));
    at = edit.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

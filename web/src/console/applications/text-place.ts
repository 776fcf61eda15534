/** Places in a text, counted in lines and columns from 1 as problems name them. */
interface Place {
  line: number;
  column: number;
}

/** Where a place stands in the text, counted from its beginning. */
export function offsetAt(text: string, { line, column }: Place): number {
  const before = text.split('\n').slice(0, line - 1);
  const offset = before.reduce((sum, passed) => sum + passed.length + 1, 0);
  return Math.min(text.length, offset + column - 1);
}

/** A line of the text, as it stands there. */
export function lineAt(text: string, line: number): string {
  return text.split('\n')[line - 1] ?? '';
}

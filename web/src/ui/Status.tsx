export type Tone = 'good' | 'warning' | 'bad' | 'active' | 'quiet';

/** A state in one word, with a dot: the color only repeats what the word says. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="status" data-tone={tone}>
      {children}
    </span>
  );
}

/** Listens to all that a provider says: its answers, its errors and the console. None of it may hold a secret. */
import type { SettingDefinition, SettingValues } from '../../core/settings.ts';
import type { Connection } from '../../provider.ts';

export interface Leaks {
  hear(what: string, said: unknown): void;
  /** Hears every answer and every error of a connection, and of its stored methods. */
  watch(connection: Connection): Connection;
  learn(settings: SettingValues): void;
  /** How many things were heard. */
  count(): number;
  /** What was said with a secret in it. */
  found(): string[];
  close(): void;
}

const partLengthMin = 16;

export function openLeaks(definitions: readonly SettingDefinition[]): Leaks {
  const secrets = new Set<string>();
  const said: { what: string; text: string }[] = [];
  const hear = (what: string, value: unknown) => said.push({ what, text: textOf(value) });
  const stopListening = listenToConsole((text) => hear('the console', text));
  return {
    hear,
    learn(settings) {
      for (const { key, kind } of definitions) {
        const value = settings[key];
        if (kind === 'secret' && typeof value === 'string')
          for (const spelled of spell(value)) secrets.add(spelled);
      }
    },
    watch: (connection) => watch(connection, hear),
    count: () => said.length,
    found: () =>
      said
        .filter(({ text }) => [...secrets].some((secret) => text.includes(secret)))
        .map(({ what }) => what),
    close: stopListening,
  };
}

/** A secret as it could be told: whole or a line of it, percent-encoded, in base64. */
function spell(secret: string): string[] {
  const lines = secret
    .split('\n')
    .filter((line) => line.length >= partLengthMin && !line.startsWith('-----'));
  const parts = lines.length > 0 ? lines : [secret];
  return parts
    .flatMap((part) => [part, encodeURIComponent(part), Buffer.from(part).toString('base64')])
    .filter((part) => part.trim() !== '');
}

function textOf(value: unknown): string {
  if (value instanceof Error) {
    return [value.message, value.stack, textOf(value.cause), JSON.stringify(value)].join('\n');
  }
  if (typeof value === 'string') return value;
  return (
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part)) ?? ''
  );
}

function watch<T extends object>(watched: T, hear: Leaks['hear']): T {
  return new Proxy(watched, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === 'methods' && member) return watch(member as object, hear);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => listenTo(() => member.apply(target, args), String(name), hear);
    },
  });
}

function listenTo(call: () => unknown, name: string, hear: Leaks['hear']): unknown {
  const failed = (error: unknown) => {
    hear(`an error of ${name}`, error);
    throw error;
  };
  try {
    const answer = call();
    if (answer instanceof Promise) {
      return answer.then((settled) => {
        hear(`an answer of ${name}`, settled);
        return settled;
      }, failed);
    }
    hear(`an answer of ${name}`, answer);
    return answer;
  } catch (error) {
    return failed(error);
  }
}

function listenToConsole(hear: (text: string) => void): () => void {
  const streams = [process.stdout, process.stderr].map((stream) => {
    const { write } = stream;
    stream.write = ((chunk: unknown, ...rest: never[]) => {
      hear(String(chunk));
      return write.call(stream, chunk as string, ...rest);
    }) as typeof stream.write;
    return () => {
      stream.write = write;
    };
  });
  const names = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const consoles = names.map((name) => {
    const original = console[name];
    console[name] = (...args: unknown[]) => {
      hear(args.map(textOf).join(' '));
      original.apply(console, args);
    };
    return () => {
      console[name] = original;
    };
  });
  return () => {
    for (const stop of [...streams, ...consoles]) stop();
  };
}

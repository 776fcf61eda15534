/** The turns of a conversation, and the one that is being answered. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Asked, type Message, startChat } from './chat-stream.ts';

export interface Turn {
  id: number;
  prompt: string;
  model: string;
  answer: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  error?: Error;
  requestId?: string;
}

export interface Settings {
  secret: string;
  model: string;
  system: string;
  temperature: number | null;
  maxTokens: number | null;
}

export function useConversation() {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const change = useCallback(
    (id: number, part: Partial<Turn> | ((turn: Turn) => Partial<Turn>)) =>
      setTurns((all) =>
        all.map((turn) =>
          turn.id === id ? { ...turn, ...(typeof part === 'function' ? part(turn) : part) } : turn,
        ),
      ),
    [],
  );
  const ask = async (prompt: string, settings: Settings) => {
    const abort = new AbortController();
    running.current = abort;
    const id = (turns.at(-1)?.id ?? 0) + 1;
    const { model } = settings;
    setTurns([...turns, { id, prompt, model, answer: '', state: 'running' }]);
    try {
      const { requestId, text } = await startChat(askedOf(turns, prompt, settings, abort.signal));
      if (requestId !== null) change(id, { requestId });
      for await (const piece of text) change(id, ({ answer }) => ({ answer: answer + piece }));
      change(id, { state: 'done' });
    } catch (error) {
      change(
        id,
        abort.signal.aborted ? { state: 'stopped' } : { state: 'failed', error: toError(error) },
      );
    }
  };
  return {
    turns,
    isRunning: turns.at(-1)?.state === 'running',
    ask,
    stop: () => running.current?.abort(),
    clear: () => setTurns([]),
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Turns without an answer are not said again. */
function askedOf(
  turns: readonly Turn[],
  prompt: string,
  settings: Settings,
  signal: AbortSignal,
): Asked {
  const { secret, model, system, temperature, maxTokens } = settings;
  const before = turns
    .filter(({ answer }) => answer !== '')
    .flatMap((turn): Message[] => [
      { role: 'user', content: turn.prompt },
      { role: 'assistant', content: turn.answer },
    ]);
  const instructions: Message[] =
    system.trim() === '' ? [] : [{ role: 'system', content: system.trim() }];
  return {
    ...{ secret: secret.trim(), model, signal },
    messages: [...instructions, ...before, { role: 'user', content: prompt }],
    temperature: temperature ?? undefined,
    maxTokens: maxTokens ?? undefined,
  };
}

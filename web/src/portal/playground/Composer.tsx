import { Button, Input } from 'antd';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslations } from 'use-intl';

interface ComposerProps {
  isRunning: boolean;
  /** What must be done first; undefined where a call can be made. */
  whyNot: string | undefined;
  onSend: (prompt: string) => void;
  onStop: () => void;
}

export function Composer({ isRunning, whyNot, onSend, onStop }: ComposerProps) {
  const t = useTranslations('playground');
  const [prompt, setPrompt] = useState('');
  const id = useId();
  const noteId = useId();
  const canSend = !isRunning && whyNot === undefined && prompt.trim() !== '';
  const send = () => {
    if (!canSend) return;
    onSend(prompt.trim());
    setPrompt('');
  };
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="composer">
      <label htmlFor={id}>{t('prompt')}</label>
      <Input.TextArea
        id={id}
        value={prompt}
        autoSize={{ minRows: 3, maxRows: 12 }}
        maxLength={100_000}
        aria-describedby={noteId}
        onChange={(event) => setPrompt(event.target.value)}
        onKeyDown={sendByKey}
      />
      <div className="actions">
        {isRunning ? (
          <Button danger onClick={onStop}>
            {t('stop')}
          </Button>
        ) : (
          <Button type="primary" disabled={!canSend} onClick={send}>
            {t('send')}
          </Button>
        )}
        <span id={noteId} className="soft">
          {whyNot ?? (isRunning ? t('stopNote') : t('sendNote'))}
        </span>
      </div>
    </div>
  );
}

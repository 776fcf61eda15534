import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { WithWords } from '../../features/words/WithWords.tsx';
import { playgroundWords } from '../../i18n/messages.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Composer } from './Composer.tsx';
import { SettingsFields } from './SettingsFields.tsx';
import { TurnView } from './TurnView.tsx';
import { type Settings, useConversation } from './use-conversation.ts';
import './playground.css';

export function PlaygroundPage() {
  return (
    <WithWords words={playgroundWords}>
      <Playground />
    </WithWords>
  );
}

/** The key stays in this tab's memory: it is gone with the page. */
const begin: Settings = { secret: '', model: '', system: '', temperature: null, maxTokens: 1000 };

function Playground() {
  const t = useTranslations('playground');
  const [settings, setSettings] = useState(begin);
  const { turns, isRunning, ask, stop, clear } = useConversation();
  const missing = settings.secret.trim() === '' ? 'needsKey' : 'needsModel';
  const isReady = settings.secret.trim() !== '' && settings.model !== '';
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <div className="playground">
        <Panel title={t('settings')}>
          <SettingsFields
            settings={settings}
            onChange={(change) => setSettings((before) => ({ ...before, ...change }))}
          />
        </Panel>
        <Panel
          title={t('conversation')}
          actions={
            turns.length > 0 && (
              <Button disabled={isRunning} onClick={clear}>
                {t('clear')}
              </Button>
            )
          }
        >
          <div className="stack">
            <ol className="turns" role="log" aria-label={t('conversation')} aria-busy={isRunning}>
              {turns.map((turn) => (
                <TurnView key={turn.id} turn={turn} />
              ))}
            </ol>
            <Composer
              isRunning={isRunning}
              whyNot={isReady ? undefined : t(missing)}
              onSend={(prompt) => void ask(prompt, settings)}
              onStop={stop}
            />
          </div>
        </Panel>
      </div>
    </div>
  );
}

/** An application from one YAML file: first what it would change, then the same for good. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type GetRef, Input } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, type TextProblem } from '../../api/api-error.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TemplateChanges } from './TemplateChanges.tsx';
import { TemplateProblems } from './TemplateProblems.tsx';
import { lineAt, offsetAt } from './text-place.ts';

const route = getRouteApi('/console/admin/applications/register');
const refreshes = [
  'listApplications',
  'getApplication',
  'listMeters',
  'listFeatures',
  'searchPlans',
] as const;

export function RegisterPage() {
  const t = useTranslations('console.templates');
  const tApplications = useTranslations('console.applications');
  const { template: chosen } = route.useSearch();
  const shipped = useQuery(reading('listApplicationTemplates'));
  const begun = shipped.data?.data.find(({ name }) => name === chosen)?.template;
  const back = <Link to={paths.consoleApplications}>{tApplications('all')}</Link>;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={back} />
      <p className="soft">{t('note')}</p>
      {shipped.error && <Failure error={shipped.error} onRetry={() => void shipped.refetch()} />}
      <Editor key={begun ?? ''} begun={begun ?? ''} />
    </div>
  );
}

function ShippedFilter() {
  const t = useTranslations('console.templates');
  const { template } = route.useSearch();
  const navigate = useNavigate();
  const { data } = useQuery(reading('listApplicationTemplates'));
  return (
    <ChoiceFilter
      label={t('shipped')}
      any={t('shippedNone')}
      value={template}
      options={data?.data.map(({ name, title }) => ({ value: name, label: title })) ?? []}
      onChange={(chosen) =>
        void navigate({ to: paths.consoleRegister, search: { template: chosen }, replace: true })
      }
    />
  );
}

function Editor({ begun }: { begun: string }) {
  const t = useTranslations('console.templates');
  const id = useId();
  const [text, setText] = useState(begun);
  const [tried, setTried] = useState<string>();
  const attempt = useChange('registerApplication', {});
  const register = useChange('registerApplication', { refreshes });
  const error = register.error ?? attempt.error;
  const area = useArea(text);
  const isEmpty = text.trim() === '';
  const write = (written: string) => {
    setText(written);
    register.reset();
  };
  const show = () =>
    attempt.mutate(
      { query: { dry_run: 'true' }, body: { template: text } },
      { onSuccess: () => setTried(text) },
    );
  return (
    <>
      <Panel>
        <div className="actions">
          <span className="soft">{t('shipped')}</span>
          <ShippedFilter />
        </div>
        <label htmlFor={id}>{t('text')}</label>
        <Input.TextArea
          id={id}
          ref={area.ref}
          className="template-text"
          autoSize={{ minRows: 12, maxRows: 32 }}
          maxLength={200_000}
          spellCheck={false}
          value={text}
          onChange={(event) => write(event.target.value)}
        />
        <Problems error={error} text={attempt.variables?.body.template ?? text} onGo={area.goTo} />
        <div className="actions">
          <AllowedButton
            operation="registerApplication"
            blockedBecause={isEmpty ? t('textRule') : undefined}
            loading={attempt.isPending}
            onClick={show}
          >
            {t('try')}
          </AllowedButton>
          <AllowedButton
            operation="registerApplication"
            type="primary"
            blockedBecause={tried === text && !isEmpty ? undefined : t('registerFirst')}
            loading={register.isPending}
            onClick={() => register.mutate({ body: { template: text } })}
          >
            {t('register')}
          </AllowedButton>
        </div>
      </Panel>
      {register.data && <TemplateChanges summary={register.data} />}
      {!register.data && attempt.data && tried === text && (
        <TemplateChanges summary={attempt.data} />
      )}
    </>
  );
}

interface ProblemsProps {
  error: Error | null;
  /** As it was sent. */
  text: string;
  onGo: (problem: TextProblem) => void;
}

function Problems({ error, text, onGo }: ProblemsProps) {
  if (!error) return null;
  const problems = error instanceof ApiError ? error.details : [];
  if (problems.length === 0) return <Refused error={error} />;
  return <TemplateProblems problems={problems} text={text} onGo={onGo} />;
}

const linesAbove = 4;

/** The text field, and a way to a place in it: focus alone would leave it where it was scrolled to. */
function useArea(text: string) {
  const ref = useRef<GetRef<typeof Input.TextArea>>(null);
  const goTo = (problem: TextProblem) => {
    const element = ref.current?.resizableTextArea?.textArea;
    if (!element) return;
    const from = offsetAt(text, problem);
    const lineHeightPx = Number.parseFloat(getComputedStyle(element).lineHeight);
    element.focus();
    element.setSelectionRange(from, from + lineAt(text, problem.line).length - problem.column + 1);
    element.scrollTop = (problem.line - linesAbove) * lineHeightPx;
    element.scrollIntoView({ block: 'nearest' });
  };
  return { ref, goTo };
}

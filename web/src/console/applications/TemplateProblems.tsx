import { Alert, Button } from 'antd';
import { useTranslations } from 'use-intl';
import type { TextProblem } from '../../api/api-error.ts';
import { lineAt } from './text-place.ts';

interface TemplateProblemsProps {
  problems: readonly TextProblem[];
  /** What they are in. */
  text: string;
  onGo: (problem: TextProblem) => void;
}

/** Every mistake with its place and the line it stands in; choosing one goes there. */
export function TemplateProblems({ problems, text, onGo }: TemplateProblemsProps) {
  const t = useTranslations('console.templates');
  return (
    <Alert
      type="error"
      showIcon
      title={t('problems', { count: problems.length })}
      description={
        <div className="stack">
          <p>{t('problemsNote')}</p>
          <ul className="problems">
            {problems.map((problem) => (
              <li key={`${problem.line} ${problem.column} ${problem.message}`}>
                <Button type="link" size="small" onClick={() => onGo(problem)}>
                  {t('place', { line: problem.line, column: problem.column })}
                </Button>
                <span>{problem.message}</span>
                <pre>
                  <code>{lineAt(text, problem.line)}</code>
                </pre>
              </li>
            ))}
          </ul>
        </div>
      }
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { When } from '../../ui/When.tsx';

const quotesRead = 200;

/** Whether a change was refused because of what a quote's term binds to. */
export function isTermNotOver(error: Error): boolean {
  return error instanceof ApiError && error.code === 'term_not_over';
}

/** Until when a subscription is bound, and by which quote. */
export function TermNote({ subscription }: { subscription: string }) {
  const t = useTranslations('quotes');
  const quotes = useQuery(reading('listQuotes', { query: { limit: quotesRead } }));
  const quote = quotes.data?.data.find((one) => one.subscription === subscription);
  const until = quote?.committed_until;
  if (!quote || !until) return <p>{t('termNote')}</p>;
  return (
    <p>
      {t.rich('termUntil', {
        when: () => <When at={until} show="day" />,
        quote: () => (
          <Link to={paths.quote} params={{ id: quote.id }}>
            {quote.name}
          </Link>
        ),
      })}
    </p>
  );
}

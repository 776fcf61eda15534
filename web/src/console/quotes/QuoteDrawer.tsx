import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import type { Quote } from '../../features/quotes/quote.ts';
import { paths } from '../../paths.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import { QuoteFields } from './QuoteFields.tsx';
import { emptyQuote, type QuoteForm, quoteFormOf, toQuoteTerms } from './quote-form.ts';

export const quoteReads = ['searchQuotes', 'inspectQuote', 'inspectQuotePreview'] as const;

interface NewQuoteProps {
  /** Id of the customer that is looked at, as a proposal. */
  organization: string | undefined;
  onClose: () => void;
}

export function NewQuote({ organization, onClose }: NewQuoteProps) {
  const t = useTranslations('console.quotes');
  const timeZone = useTimeZone() ?? 'UTC';
  const navigate = useNavigate();
  const deployment = useDeployment();
  const [form] = Form.useForm<QuoteForm>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const create = useChange('createQuote', {
    refreshes: quoteReads,
    onDone: ({ id }) => void navigate({ to: paths.consoleQuote, params: { id } }),
  });
  return (
    <FormDrawer
      isWide
      title={t('writeTitle')}
      operation="createQuote"
      submitLabel={t('saveDraft')}
      form={form}
      initialValues={{
        ...emptyQuote(deployment?.currency),
        ...(organization && { organization }),
      }}
      error={create.error}
      isPending={create.isPending}
      onSubmit={({ organization: customer, ...fields }) =>
        create.mutate({
          body: { organization: customer, ...toQuoteTerms(fields, timeZone) },
          idempotencyKey,
        })
      }
      onChange={() => setIdempotencyKey(newIdempotencyKey())}
      onClose={onClose}
    >
      <QuoteFields isNew />
    </FormDrawer>
  );
}

export function EditQuote({ quote, onClose }: { quote: Quote; onClose: () => void }) {
  const t = useTranslations('console.quotes');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<QuoteForm>();
  const update = useChange('updateQuote', { refreshes: quoteReads, onDone: onClose });
  return (
    <FormDrawer
      isWide
      title={t('editTitle')}
      operation="updateQuote"
      submitLabel={t('saveDraft')}
      form={form}
      initialValues={quoteFormOf(quote, timeZone)}
      error={update.error}
      isPending={update.isPending}
      onSubmit={(fields) =>
        update.mutate({ params: { id: quote.id }, body: toQuoteTerms(fields, timeZone) })
      }
      onClose={onClose}
    >
      <QuoteFields isNew={false} />
    </FormDrawer>
  );
}

import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import type { OfOrganization } from './terms.ts';

/** What the next operator must know; only operators read it. */
export function NotesPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.notes');
  const notes = usePages('listOperatorNotes', { params: { id: organization.id } });
  return (
    <Panel title={t('title')}>
      <p className="soft">{t('note')}</p>
      <WriteNote organization={organization} />
      {notes.error && <Failure error={notes.error} onRetry={notes.retry} />}
      {!notes.rows && !notes.error && <Loading rows={2} />}
      {notes.rows?.length === 0 && <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      <ul className="found" aria-label={t('title')}>
        {notes.rows?.map(({ id, text, author, created_at }) => (
          <li key={id} className="stack-tight">
            <p className="note-text">{text}</p>
            <small className="soft">
              {t.rich('by', {
                name: author.name ?? t('unknown'),
                when: () => <When at={created_at} />,
              })}
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function WriteNote({ organization }: OfOrganization) {
  const t = useTranslations('console.notes');
  const [form] = Form.useForm<{ text: string }>();
  const refusal = useRefusalOf()('writeOperatorNote');
  const [idempotencyKey, setKey] = useState(newIdempotencyKey);
  const write = useChange('writeOperatorNote', {
    refreshes: ['listOperatorNotes'],
    onDone: () => {
      form.resetFields();
      setKey(newIdempotencyKey());
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      disabled={refusal !== undefined}
      onValuesChange={() => setKey(newIdempotencyKey())}
      onFinish={({ text }) =>
        write.mutate({ params: { id: organization.id }, body: { text }, idempotencyKey })
      }
    >
      <Refused error={write.error} />
      <Form.Item
        name="text"
        label={t('label')}
        rules={[{ required: true, whitespace: true, message: t('noneNote') }]}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={4000} />
      </Form.Item>
      <Button htmlType="submit" loading={write.isPending} title={refusal}>
        {t('write')}
      </Button>
    </Form>
  );
}

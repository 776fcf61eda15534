import { App, Form, Input, Modal, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import type { Incident } from '../../features/incidents/IncidentText.tsx';

const refreshes = ['listIncidents', 'getStatus'] as const;
const states = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
const impacts = ['degraded', 'outage'] as const;

type UpdateFields = Pick<Incident, 'state' | 'impact' | 'models'> & { text: string };
type CreateFields = Omit<UpdateFields, 'state'> & {
  title: string;
  state: Exclude<Incident['state'], 'resolved'>;
};

export function CreateIncident({ onClose }: { onClose: () => void }) {
  const t = useTranslations('console.incidents');
  const [idempotencyKey, renewKey] = useKey();
  const create = useChange('createIncident', { refreshes, onDone: usePosted(onClose) });
  const initial: Partial<CreateFields> = { impact: 'degraded', state: 'investigating', models: [] };
  return (
    <IncidentForm<CreateFields>
      title={t('createTitle')}
      initial={initial}
      error={create.error}
      isPending={create.isPending}
      onChange={renewKey}
      onSubmit={(body) => create.mutate({ body, idempotencyKey })}
      onClose={onClose}
    >
      <Form.Item
        name="title"
        label={t('fields.title')}
        rules={[{ required: true, whitespace: true, message: t('titleRule') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <CommonFields states={states.filter((state) => state !== 'resolved')} />
    </IncidentForm>
  );
}

export function UpdateIncident({
  incident: { id, title, state, impact, models },
  onClose,
}: {
  incident: Incident;
  onClose: () => void;
}) {
  const t = useTranslations('console.incidents');
  const [idempotencyKey, renewKey] = useKey();
  const update = useChange('updateIncident', { refreshes, onDone: usePosted(onClose) });
  return (
    <IncidentForm<UpdateFields>
      title={t('updateNamed', { title })}
      initial={{ state, impact, models }}
      error={update.error}
      isPending={update.isPending}
      onChange={renewKey}
      onSubmit={(body) => update.mutate({ params: { id }, body, idempotencyKey })}
      onClose={onClose}
    >
      <CommonFields states={states} />
    </IncidentForm>
  );
}

function useKey(): [key: string, renew: () => void] {
  const [key, setKey] = useState(newIdempotencyKey);
  return [key, () => setKey(newIdempotencyKey())];
}

function usePosted(onClose: () => void): () => void {
  const t = useTranslations('console.incidents');
  const { message } = App.useApp();
  return () => {
    void message.success(t('posted'));
    onClose();
  };
}

interface IncidentFormProps<Fields> {
  title: string;
  initial: Partial<Fields>;
  error: Error | null;
  isPending: boolean;
  onChange: () => void;
  onSubmit: (fields: Fields) => void;
  onClose: () => void;
  children: ReactNode;
}

function IncidentForm<Fields extends object>(props: IncidentFormProps<Fields>) {
  const t = useTranslations('console.incidents');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<Fields>();
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={props.title}
      okText={t('post')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: props.isPending }}
      onOk={() => form.submit()}
      onCancel={props.onClose}
    >
      <div className="stack">
        <Refused error={props.error} />
        <Form<Fields>
          form={form}
          layout="vertical"
          initialValues={props.initial}
          onValuesChange={props.onChange}
          onFinish={props.onSubmit}
        >
          {props.children}
        </Form>
      </div>
    </Modal>
  );
}

const modelsOfferedMax = 200;

function CommonFields({ states: offered }: { states: readonly Incident['state'][] }) {
  const t = useTranslations('console.incidents');
  const tStatus = useTranslations('status');
  const models = usePages('listModels', { query: { limit: modelsOfferedMax } });
  return (
    <>
      <Form.Item name="state" label={t('fields.state')}>
        <Select
          options={offered.map((value) => ({ value, label: tStatus(`incidentStates.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="impact" label={t('fields.impact')}>
        <Select options={impacts.map((value) => ({ value, label: tStatus(`impacts.${value}`) }))} />
      </Form.Item>
      <Form.Item name="models" label={t('fields.models')}>
        <Select
          mode="multiple"
          placeholder={t('allModels')}
          options={models.rows?.map(({ model }) => ({ value: model, label: model })) ?? []}
        />
      </Form.Item>
      <Form.Item
        name="text"
        label={t('fields.text')}
        extra={t('textNote')}
        rules={[{ required: true, whitespace: true, message: t('textRule') }]}
      >
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 8 }} maxLength={2000} />
      </Form.Item>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import type { Endpoint, EventName } from './webhook.ts';

export interface EndpointForm {
  url: string;
  description: string;
  all: boolean;
  events: EventName[];
}

export const emptyForm: EndpointForm = { url: '', description: '', all: true, events: [] };

export function formOf({ url, description, events }: Endpoint): EndpointForm {
  return { url, description, all: events === null, events: events ?? [] };
}

export function bodyOf({ url, description, all, events }: EndpointForm) {
  return { url: url.trim(), description: description.trim(), events: all ? null : events };
}

/** Where to, and what. */
export function EndpointFields() {
  const t = useTranslations('webhooks');
  const all = Form.useWatch<boolean>('all') ?? true;
  return (
    <>
      <Form.Item
        name="url"
        label={t('url')}
        rules={[{ required: true, pattern: /^\s*https?:\/\/\S+\s*$/i, message: t('urlRule') }]}
      >
        <Input placeholder={t('urlPlaceholder')} maxLength={2000} inputMode="url" autoFocus />
      </Form.Item>
      <Form.Item name="description" label={t('description')} extra={t('descriptionNote')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="all" label={t('events')}>
        <Radio.Group
          options={[
            { value: true, label: t('everyEvent') },
            { value: false, label: t('chosenEvents') },
          ]}
        />
      </Form.Item>
      {!all && <EventsField />}
    </>
  );
}

function EventsField() {
  const t = useTranslations('webhooks');
  const tCategory = useTranslations('webhooks.categories');
  const { data } = useQuery(reading('listWebhookEvents'));
  const events = data?.data ?? [];
  const categories = [...new Set(events.map(({ category }) => category))];
  const options = categories.map((category) => ({
    label: tCategory(category),
    options: events
      .filter((event) => event.category === category)
      .map(({ event, allowed }) => ({
        value: event,
        label: allowed ? event : `${event} (${t('notHeld')})`,
        disabled: !allowed,
      })),
  }));
  return (
    <Form.Item
      name="events"
      rules={[{ required: true, type: 'array', min: 1, message: t('eventsRule') }]}
    >
      <Select
        mode="multiple"
        aria-label={t('events')}
        placeholder={t('eventsPlaceholder')}
        loading={data === undefined}
        options={options}
        showSearch={{ optionFilterProp: 'value' }}
      />
    </Form.Item>
  );
}

/** A sandbox's business clock. In live mode the server knows no such clock, and there is no panel. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { instantIn, localIn } from '../../ui/zone-instant.ts';
import { useConfirm } from '../forms/use-confirm.ts';

type Move = Request<'moveClock'>['body'];
const steps = [
  { duration: 'P1D', label: 'day' },
  { duration: 'P7D', label: 'week' },
] as const;
const refetchInterval = 30_000;

export function ClockPanel() {
  const t = useTranslations('console.clock');
  const clock = useQuery({ ...reading('getClock'), refetchInterval });
  const move = useMove();
  if (!clock.data) return null;
  const { wall, business } = clock.data;
  return (
    <Panel title={t('title')} note={t('note')}>
      <Facts
        items={[
          { label: t('business'), value: <When at={business} /> },
          { label: t('wall'), value: <When at={wall} /> },
        ]}
      />
      <div className="actions">
        {steps.map(({ duration, label }) => (
          <AllowedButton
            key={duration}
            operation="moveClock"
            onClick={() => move({ advance: duration }, t(`by.${label}`))}
          >
            {t(label)}
          </AllowedButton>
        ))}
      </div>
      <DateForm business={business} onMove={move} />
    </Panel>
  );
}

interface DateFormProps {
  business: string;
  onMove: (body: Move, how: string) => void;
}

function DateForm({ business, onMove }: DateFormProps) {
  const t = useTranslations('console.clock');
  const format = useFormatter();
  const timeZone = useTimeZone() ?? 'UTC';
  const submit = ({ to }: { to: string }) => {
    const instant = instantIn(timeZone, to);
    const date = format.dateTime(new Date(instant), { dateStyle: 'medium', timeStyle: 'short' });
    onMove({ to: instant }, t('by.date', { date }));
  };
  return (
    <Form layout="inline" colon={false} onFinish={submit} className="clock-form">
      <Form.Item name="to" label={t('to')} rules={[{ required: true, message: t('toRule') }]}>
        <Input type="datetime-local" min={localIn(timeZone, business)} />
      </Form.Item>
      <AllowedButton operation="moveClock" htmlType="submit">
        {t('go')}
      </AllowedButton>
    </Form>
  );
}

function useMove() {
  const t = useTranslations('console.clock');
  const client = useQueryClient();
  const confirm = useConfirm();
  const change = useChange('moveClock', { onDone: () => void client.invalidateQueries() });
  return (body: Move, how: string) =>
    confirm({
      title: t('confirmTitle', { how }),
      content: t('confirm'),
      okText: t('go'),
      act: () => change.mutateAsync({ body }),
    });
}

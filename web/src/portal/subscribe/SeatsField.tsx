import { InputNumber } from 'antd';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { readSeats, seatsMax } from '../../features/offers/seats.ts';

interface SeatsFieldProps {
  seats: number;
  onChoose: (seats: number) => void;
}

/** How many seats; taken over when one leaves the field or presses enter, so that no digit is a question of its own. */
export function SeatsField({ seats, onChoose }: SeatsFieldProps) {
  const t = useTranslations('subscribe');
  const id = useId();
  const [typed, setTyped] = useState<number | null>(seats);
  const take = (value: number | null) => {
    const wanted = readSeats(value);
    if (wanted !== undefined && wanted !== seats) onChoose(wanted);
  };
  return (
    <div className="choice-field">
      <label htmlFor={id}>{t('seats')}</label>
      <div>
        <InputNumber
          id={id}
          min={1}
          max={seatsMax}
          precision={0}
          value={typed}
          onChange={setTyped}
          onBlur={() => take(typed)}
          onPressEnter={() => take(typed)}
          onStep={(value) => take(Number(value))}
        />
      </div>
      <small className="soft">{t('seatsNote')}</small>
    </div>
  );
}

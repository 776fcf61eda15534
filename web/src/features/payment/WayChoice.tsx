import { Checkbox, Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { type PayWith, type WayOption, wayKey } from './way.ts';

interface WayChoiceProps {
  options: readonly WayOption[];
  value?: PayWith | undefined;
  onChange?: (way: PayWith) => void;
}

/** The ways to pay, and whether the method is kept where that is possible. */
export function WayChoice({ options, value, onChange }: WayChoiceProps) {
  const t = useTranslations('ways');
  const chosen = value && options.find(({ way }) => wayKey(way) === wayKey(value));
  const choose = (key: string) => {
    const option = options.find(({ way }) => wayKey(way) === key);
    if (!option) return;
    const keeps = option.stores && value?.save_method === true;
    onChange?.(keeps ? { ...option.way, save_method: true } : option.way);
  };
  return (
    <div className="stack">
      <Radio.Group
        className="choices"
        value={value && wayKey(value)}
        onChange={({ target }) => choose(target.value)}
      >
        {options.map(({ way, label, blockedBecause }) => (
          <Radio key={wayKey(way)} value={wayKey(way)} disabled={blockedBecause !== undefined}>
            {label}
            {blockedBecause && <small className="soft tier">{blockedBecause}</small>}
          </Radio>
        ))}
      </Radio.Group>
      {chosen?.stores && (
        <Checkbox
          checked={value?.save_method === true}
          onChange={({ target }) =>
            onChange?.(target.checked ? { ...chosen.way, save_method: true } : chosen.way)
          }
        >
          {t('save')}
          <small className="soft tier">{t('saveNote')}</small>
        </Checkbox>
      )}
    </div>
  );
}

import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { useErrorText } from '../../features/errors/error-text.ts';

interface Question {
  title: string;
  /** What will happen, in words. */
  content: string;
  okText: string;
  isDanger?: boolean;
  act: () => Promise<unknown>;
}

/** Asks before something is done that others will notice; a refusal is shown as a message. */
export function useConfirm(): (question: Question) => void {
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const tUi = useTranslations('ui');
  return ({ title, content, okText, isDanger = false, act }) =>
    void modal.confirm({
      title,
      content,
      okText,
      okButtonProps: { danger: isDanger },
      cancelText: tUi('cancel'),
      onOk: () => act().catch((error: Error) => void message.error(errorText(error))),
    });
}

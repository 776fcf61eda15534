import { Form } from 'antd';
import { useTranslations } from 'use-intl';

const fileBytesMax = 1024 * 1024;

export interface ChosenFile {
  format: 'pdf' | 'ofd';
  /** Base64. */
  content: string;
  bytes: number;
}

/** The file as it came from the tax bureau's system. */
export function FileField() {
  const t = useTranslations('console.fapiao');
  const check = (_: unknown, file?: ChosenFile) =>
    file && file.bytes > 0 && file.bytes <= fileBytesMax
      ? Promise.resolve()
      : Promise.reject(new Error(t('fileRule')));
  return (
    <Form.Item
      name="file"
      label={t('file')}
      extra={t('fileNote')}
      required
      rules={[{ validator: check }]}
    >
      <FileInput />
    </Form.Item>
  );
}

interface FileInputProps {
  id?: string;
  onChange?: (file: ChosenFile | undefined) => void;
}

function FileInput({ id, onChange }: FileInputProps) {
  return (
    <input
      id={id}
      type="file"
      accept=".pdf,.ofd,application/pdf,application/ofd"
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        void readFile(file).then(onChange);
      }}
    />
  );
}

/** Nothing where it is no file of either format; one that is too large is told by its size, and not read. */
async function readFile(file: File | undefined): Promise<ChosenFile | undefined> {
  const format = (['pdf', 'ofd'] as const).find((known) =>
    file?.name.toLowerCase().endsWith(`.${known}`),
  );
  if (!file || !format) return undefined;
  if (file.size > fileBytesMax) return { format, content: '', bytes: file.size };
  return { format, content: base64Of(await file.arrayBuffer()), bytes: file.size };
}

function base64Of(bytes: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

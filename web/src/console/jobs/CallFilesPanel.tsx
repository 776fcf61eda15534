/** Files of calls that are made in the background: how far each has come, and the file itself. */
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { type Answer, callFile } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { NewCallFile } from './NewCallFile.tsx';
import { OperationActions } from './OperationActions.tsx';
import { OperationProgress } from './OperationProgress.tsx';

type CallFile = Answer<'listCallExports'>['data'][number];

/** Somebody watches. */
const refetchIntervalMs = 2000;

export function CallFilesPanel() {
  const t = useTranslations('console.jobs.files');
  const [isMaking, setMaking] = useState(false);
  const files = usePages('listCallExports', {}, { refetchIntervalMs });
  const make = (
    <AllowedButton operation="createCallExport" type="primary" onClick={() => setMaking(true)}>
      {t('make')}
    </AllowedButton>
  );
  return (
    <Panel>
      <div className="actions">{make}</div>
      <DataTable
        label={t('title')}
        list={files}
        columns={useColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<EmptyState title={t('none')}>{t('noneNote')}</EmptyState>}
      />
      {isMaking && <NewCallFile onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function useColumns(): Column<CallFile>[] {
  const t = useTranslations('console.jobs.files');
  const tJobs = useTranslations('console.jobs');
  return [
    {
      title: t('of'),
      cell: ({ from, to, model, format }) => (
        <span className="twofold">
          <span>
            <When at={from} /> – <When at={to} />
          </span>
          <small>{[model, format.toUpperCase()].filter(Boolean).join(' · ')}</small>
        </span>
      ),
    },
    {
      title: t('customer'),
      cell: ({ organization }) =>
        organization === null ? t('everyone') : <OrganizationLink id={organization} />,
    },
    { title: tJobs('progress'), cell: (file) => <Progress file={file} /> },
    { title: t('kept'), cell: ({ removed_at }) => <When at={removed_at} /> },
    { title: t('file'), isActions: true, cell: (file) => <FileActions file={file} /> },
  ];
}

const megabyte = 1_000_000;

function Progress({ file: { ready, operation, calls, bytes } }: { file: CallFile }) {
  const t = useTranslations('console.jobs.files');
  const tJobs = useTranslations('console.jobs');
  const format = useFormatter();
  if (ready) {
    const size = format.number(bytes / megabyte, { maximumFractionDigits: 1 });
    return (
      <span className="twofold">
        {t('calls', { count: calls })}
        <small>{t('size', { size })}</small>
      </span>
    );
  }
  if (operation === null) return t('waiting');
  return (
    <span className="twofold">
      <OperationProgress operation={operation} />
      {operation.state !== 'running' && (
        <small>{operation.error ?? tJobs(`states.${operation.state}`)}</small>
      )}
    </span>
  );
}

function FileActions({ file }: { file: CallFile }) {
  return (
    <span className="actions">
      {file.ready && <DownloadButton id={file.id} />}
      {!file.ready && file.operation && <OperationActions operation={file.operation} />}
      <RemoveButton id={file.id} />
    </span>
  );
}

function DownloadButton({ id }: { id: string }) {
  const t = useTranslations('console.jobs.files');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const download = useMutation({
    mutationFn: () => callFile('downloadCallExport', { params: { id } }),
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <Button
      size="small"
      icon={<DownloadOutlined aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {t('download')}
    </Button>
  );
}

function RemoveButton({ id }: { id: string }) {
  const t = useTranslations('console.jobs.files');
  const confirm = useConfirm();
  const remove = useChange('deleteCallExport', { refreshes: ['listCallExports'] });
  const ask = () =>
    confirm({
      title: t('removeTitle'),
      content: t('removeNote'),
      okText: t('remove'),
      isDanger: true,
      act: () => remove.mutateAsync({ params: { id } }),
    });
  return (
    <AllowedButton
      size="small"
      operation="deleteCallExport"
      loading={remove.isPending}
      onClick={ask}
    >
      {t('remove')}
    </AllowedButton>
  );
}

import { Alert, Button, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCopy, IconDownload, IconKey, IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../../ui/save-file';

/** Opens a sheet of its own: what the browser prints of this page would be the page. */
function printCodes(title: string, codes: readonly string[]): void {
  const sheet = window.open('', '_blank', 'width=420,height=560');
  if (!sheet) return;
  sheet.document.title = title;
  const heading = sheet.document.createElement('h1');
  const list = sheet.document.createElement('pre');
  heading.textContent = title;
  list.textContent = codes.join('\n\n');
  sheet.document.body.append(heading, list);
  sheet.print();
  sheet.close();
}

/** Ten codes, shown this once: the server keeps only their hashes. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const text = codes.join('\n');
  return (
    <Stack>
      <Alert color="seal" icon={<IconKey aria-hidden />} title={t('recovery.title')} role="status">
        <Text size="sm">{t('recovery.text')}</Text>
      </Alert>
      <SimpleGrid
        component="ul"
        cols={2}
        spacing={4}
        m={0}
        p={0}
        aria-label={t('recovery.list')}
        style={{ listStyle: 'none' }}
      >
        {codes.map((code) => (
          <Text component="li" key={code} ff="monospace" size="sm" ta="center" py={2}>
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
              {copied ? t('common.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => saveFile('chartseal-recovery-codes.txt', `${text}\n`, 'text/plain')}
        >
          {t('recovery.download')}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPrinter size={14} aria-hidden />}
          onClick={() => printCodes(t('recovery.sheet'), codes)}
        >
          {t('recovery.print')}
        </Button>
      </Group>
      <Button onClick={onDone}>{t('recovery.kept')}</Button>
    </Stack>
  );
}

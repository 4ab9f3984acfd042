import { Badge, Group, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import cards from '../../ui/CardTable.module.css';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import type { KeyringPart } from './types';

/** Where the root key is held, and the epochs it wraps. */
export function CustodyPanel({ keyring }: { keyring: KeyringPart }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('keys.custody.title')}>
      <Facts columns={1}>
        <Fact label={t('keys.custody.root')}>{keyring.custody}</Fact>
      </Facts>
      <Table mt="sm" className={`${cards.table} ${cards.flush}`} aria-label={t('keys.custody.epochs')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('keys.custody.epoch')}</Table.Th>
            <Table.Th scope="col">{t('keys.created')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('keys.custody.dataKeys')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keyring.epochs.map(({ epoch, createdAt, current, dataKeys }) => (
            <Table.Tr key={epoch}>
              <Table.Td data-wide>
                <Group gap="xs">
                  {t('keys.custody.epochNumber', { epoch })}
                  {current ? <Badge>{t('keys.custody.current')}</Badge> : null}
                </Group>
              </Table.Td>
              <Table.Td data-label={t('keys.created')} data-wide>
                {formatDateTime(createdAt)}
              </Table.Td>
              <Table.Td data-label={t('keys.custody.dataKeys')} className={cards.number}>
                {formatNumber(dataKeys)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

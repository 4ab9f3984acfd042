import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Says that what is shown may be out of date, for as long as the network is away. */
export function OfflineNotice() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />} mb="md" role="status" title={t('offline.title')}>
      {t('offline.text')}
    </Alert>
  );
}

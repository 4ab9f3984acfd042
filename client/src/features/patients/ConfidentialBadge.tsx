import { Badge } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Marks a confidential patient wherever one is named: what is read here is not said aloud. */
export function ConfidentialBadge({ patient }: { patient: { confidential: boolean } }) {
  const { t } = useTranslation();
  if (!patient.confidential) return null;
  return (
    <Badge
      component="span"
      color="grape"
      leftSection={<IconShieldLock size={12} aria-hidden />}
      style={{ flex: 'none' }}
    >
      {t('patient.confidential')}
    </Badge>
  );
}

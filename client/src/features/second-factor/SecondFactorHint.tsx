import { useQuery } from '@apollo/client/react';
import { Alert, Group, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/links';
import { MySecondFactor } from './documents';

/** Where nobody insists (the demo hospital), whoever may do everything is asked to protect the account. */
export function SecondFactorHint() {
  const { t } = useTranslation();
  const { data } = useQuery(MySecondFactor);
  const factor = data?.me?.secondFactor;
  if (!factor || factor.totp || factor.passkeys.length > 0) return null;
  return (
    <Alert color="blue" icon={<IconShieldLock aria-hidden />} py="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('factor.hint')}</Text>
        <LinkButton to="/profile" size="xs" variant="default">
          {t('factor.hintAction')}
        </LinkButton>
      </Group>
    </Alert>
  );
}

import { Button, Divider } from '@mantine/core';
import { IconBuildingHospital } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInProvider } from '../../session/documents';
import { send } from '../../session/wire';
import { wrapping } from '../../ui/wrapping';

/** To the hospital's own sign-in service, where there is one. */
export function ProviderButton() {
  const { t } = useTranslation();
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    send(SignInProvider, {}, null)
      .then(({ signInProvider }) => (gone ? undefined : setName(signInProvider ?? null)))
      .catch(() => undefined); // signing in here remains
    return () => {
      gone = true;
    };
  }, []);
  if (!name) return null;
  return (
    <>
      <Button
        component="a"
        href="/oidc/start"
        fullWidth
        variant="default"
        leftSection={<IconBuildingHospital size={18} aria-hidden />}
        {...wrapping}
        styles={{ label: { whiteSpace: 'normal', height: 'auto', overflow: 'visible' } }}
      >
        {t('signIn.provider', { name })}
      </Button>
      <Divider label={t('common.or')} />
    </>
  );
}

import { Button, Divider, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { passkeysWork } from '../../session/passkeys';
import { refresh, signOut } from '../../session/session';
import { wrapping } from '../../ui/wrapping';
import { StepUpDialog } from '../../shell/StepUpDialog';
import { EntranceFrame } from '../signin/EntranceFrame';
import { AddPasskey } from './AddPasskey';
import { EnrolApp } from './EnrolApp';
import { RecoveryCodes } from './RecoveryCodes';

/** Before anything else: the role wants a second factor, and there is none yet. */
export function EnrolPage() {
  const { t } = useTranslation();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [byPasskey, setByPasskey] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${t('factor.wanted')} · Chartseal`;
    heading.current?.focus();
  }, [t, codes]);
  const enter = () => void refresh();

  return (
    <EntranceFrame>
      <Stack>
        <Title order={1} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {codes ? t('recovery.heading') : t('factor.wanted')}
        </Title>
        {codes ? (
          <RecoveryCodes codes={codes} onDone={enter} />
        ) : (
          <>
            <Text size="sm">{t('factor.wantedText')}</Text>
            {byPasskey ? (
              <AddPasskey onAdded={(made) => (made ? setCodes(made) : enter())} />
            ) : (
              <EnrolApp onEnrolled={setCodes} />
            )}
            <Divider label={t('common.or')} />
            {passkeysWork() ? (
              <Button variant="default" {...wrapping} onClick={() => setByPasskey(!byPasskey)}>
                {byPasskey ? t('factor.useApp') : t('passkey.useInstead')}
              </Button>
            ) : null}
            <Button variant="subtle" onClick={() => void signOut()}>
              {t('shell.signOut')}
            </Button>
          </>
        )}
      </Stack>
      <StepUpDialog />
    </EntranceFrame>
  );
}

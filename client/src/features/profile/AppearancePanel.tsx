import { Input, SegmentedControl, Select, Stack, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languages, type Language } from '../../i18n';
import { Panel } from '../../ui/Panel';

/** Kept on this device, not in the account: it concerns the screen, not the person. */
export function AppearancePanel() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title={t('profile.appearance')}>
      <Stack gap="sm" align="flex-start">
        <Input.Wrapper label={t('profile.theme')} labelElement="div" id="theme">
          <div>
            <SegmentedControl
              aria-label={t('profile.theme')}
              value={colorScheme}
              onChange={(value) => setColorScheme(value as MantineColorScheme)}
              data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
            />
          </div>
        </Input.Wrapper>
        <Select
          label={t('profile.language')}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          value={i18n.language}
          allowDeselect={false}
          onChange={(value) => void chooseLanguage((value ?? 'en') as Language)}
        />
      </Stack>
    </Panel>
  );
}

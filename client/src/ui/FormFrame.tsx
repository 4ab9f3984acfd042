import { Alert, Button, Group, Kbd, Stack, Text } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorSummary } from './ErrorSummary';
import { FaultNotice } from './FaultNotice';
import { LeaveDialog } from './LeaveDialog';
import type { EditForm } from './use-edit-form';

interface Props<Values extends Record<string, unknown>> {
  edit: EditForm<Values>;
  saveLabel: string;
  onCancel: () => void;
  label: string;
  children: ReactNode;
}

/** What every form has: summary of faults, save with Ctrl+Enter, cancel with Escape. */
export function FormFrame<Values extends Record<string, unknown>>(props: Props<Values>) {
  const { edit, saveLabel, onCancel, label, children } = props;
  const { t } = useTranslation();
  const shown = edit.fault && edit.fault.fields.length === 0 && !edit.fault.current ? edit.fault : null;

  const onKeyDown = (event: KeyboardEvent) => {
    // React hands up what is typed in a dialog above the form, too.
    if (!event.currentTarget.contains(event.target as Node)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      edit.save();
    }
    // An open list or calendar closes first; it marks the key as used.
    const inPopup = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true';
    if (event.key === 'Escape' && !event.defaultPrevented && !inPopup) onCancel();
  };

  return (
    <form
      aria-label={label}
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        edit.save();
      }}
    >
      <Stack gap="md">
        <ErrorSummary errors={edit.form.errors} attempts={edit.attempts} />
        {shown ? (
          <FaultNotice takeFocus error={shown} onRetry={shown.code === 'FORBIDDEN' ? undefined : edit.save} />
        ) : null}
        {edit.restored ? (
          <Alert color="blue" title={t('form.draftTitle')}>
            <Group gap="sm">
              <Text size="sm">{t('form.draftText')}</Text>
              <Button size="xs" variant="default" onClick={edit.discardDraft}>
                {t('form.draftDiscard')}
              </Button>
            </Group>
          </Alert>
        ) : null}
        {children}
        {edit.leaving ? <LeaveDialog onStay={edit.leaving.stay} onLeave={edit.leaving.leave} /> : null}
        <Group gap="sm">
          <Button type="submit" loading={edit.saving}>
            {saveLabel}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Text size="xs" c="dimmed" visibleFrom="sm">
            <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd> {t('form.saves')} · <Kbd size="xs">Esc</Kbd>{' '}
            {t('form.cancels')}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

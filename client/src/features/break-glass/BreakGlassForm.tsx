import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Input, List, Paper, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core'; // prettier-ignore
import { IconUrgent } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakGlassReason } from '../../gql/graphql';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { BreakGlass } from './documents';

const reasons: BreakGlassReason[] = ['EMERGENCY', 'COVERING_COLLEAGUE', 'CONSULT', 'PATIENT_REQUEST', 'OTHER'];
const durations = ['5', '15', '30', '60'];

interface Props {
  /** Whose record; null: the record number is asked for. */
  patientId: string | null;
  onOpened: (patientId: string) => void;
  onCancel: () => void;
}

/** The whole page stands in the way: what it means, why, for how long; then the password once more. */
export function BreakGlassForm({ patientId, onOpened, onCancel }: Props) {
  const { t } = useTranslation();
  const [values, setValues] = useState({ reason: null as BreakGlassReason | null, text: '', minutes: 30, mrn: '' });
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [breakGlass, { loading }] = useMutation(BreakGlass, { fetchPolicy: 'no-cache' });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [text, mrn] = [values.text.trim(), values.mrn.trim()];
    const found: typeof errors = {};
    if (!patientId && !mrn) found.mrn = t('breakGlass.noMrn');
    if (!values.reason) found.reason = t('validation.required');
    if (text.length < 10) found.text = t('breakGlass.textShort');
    setErrors(found);
    setFault(null);
    const [first] = Object.keys(found);
    if (first || !values.reason) return document.getElementById(`break-glass-${first}`)?.focus();
    const who = patientId ? { patientId } : { mrn };
    try {
      const input = { ...who, reason: values.reason, text, minutes: values.minutes, idempotencyKey };
      const { data } = await breakGlass({ variables: { input } });
      if (data) onOpened(data.breakGlass.patientId);
    } catch (error) {
      const failed = faultOf(error);
      if (failed.code === 'NOT_FOUND' && !patientId) return setErrors({ mrn: t('breakGlass.nobody') });
      setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
      setFault(failed);
    }
  };

  return (
    <>
      <PageHeading title={t(patientId ? 'breakGlass.action' : 'breakGlass.byMrn')} note={t('breakGlass.who')} />
      <Paper p="lg" bg="var(--chartseal-surface)" maw={720}>
        <form
          noValidate
          aria-label={t('breakGlass.action')}
          onSubmit={(event) => void submit(event)}
          onKeyDown={(event) => {
            const inList = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true';
            if (event.key === 'Escape' && !event.defaultPrevented && !inList) onCancel();
          }}
        >
          <Stack gap="md">
            <Alert color="orange" icon={<IconUrgent aria-hidden />} title={t('breakGlass.warning')}>
              <List size="sm" spacing={4}>
                <List.Item>{t('breakGlass.recorded')}</List.Item>
                <List.Item>{t('breakGlass.reviewed')}</List.Item>
                <List.Item>{t('breakGlass.ends')}</List.Item>
              </List>
            </Alert>
            {fault ? (
              <FaultNotice
                error={fault}
                help={fault.code === 'RATE_LIMITED' ? t('breakGlass.whoCanHelp') : undefined}
                takeFocus
              />
            ) : null}
            {patientId ? null : (
              <TextInput
                id="break-glass-mrn"
                label={t('breakGlass.mrn')}
                description={`${t('breakGlass.byMrnText')} ${t('breakGlass.mrnHint')}`}
                required
                autoComplete="off"
                spellCheck={false}
                value={values.mrn}
                error={errors.mrn}
                onChange={(event) => setValues({ ...values, mrn: event.currentTarget.value })}
              />
            )}
            <Select
              id="break-glass-reason"
              label={t('breakGlass.reason')}
              required
              data={reasons.map((reason) => ({ value: reason, label: t(`breakGlass.reasons.${reason}`) }))}
              value={values.reason}
              error={errors.reason}
              onChange={(reason) => setValues({ ...values, reason: reason as BreakGlassReason | null })}
            />
            <Textarea
              id="break-glass-text"
              label={t('breakGlass.text')}
              description={t('breakGlass.textHint')}
              required
              autosize
              minRows={3}
              maxLength={500}
              value={values.text}
              error={errors.text}
              onChange={(event) => setValues({ ...values, text: event.currentTarget.value })}
            />
            <div>
              <Input.Label component="div" id="break-glass-minutes">
                {t('breakGlass.minutes')}
              </Input.Label>
              <SegmentedControl
                aria-labelledby="break-glass-minutes"
                fullWidth
                data={durations}
                value={String(values.minutes)}
                onChange={(minutes) => setValues({ ...values, minutes: Number(minutes) })}
              />
            </div>
            <Group gap="sm">
              <Button type="submit" loading={loading} leftSection={<IconUrgent size={18} aria-hidden />}>
                {t('breakGlass.open')}
              </Button>
              <Button variant="default" onClick={onCancel} disabled={loading}>
                {t('common.cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  );
}

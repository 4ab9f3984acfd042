import '@mantine/dates/styles.css';
import { Group, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

dayjs.extend(customParseFormat);

const display = 'DD-MMM-YYYY';
const understood = [
  display,
  'D-MMM-YYYY',
  'D MMM YYYY',
  'YYYY-MM-DD',
  'DD.MM.YYYY',
  'D.M.YYYY',
  'DD/MM/YYYY',
  'D/M/YYYY',
];

interface DateProps {
  id: string;
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
  error?: ReactNode;
  required?: boolean;
  maxDate?: string;
  description?: string;
}

/** A calendar day as `YYYY-MM-DD`, typed in any usual form or picked. Typed days come before months. */
export function DateField({ value, ...props }: DateProps) {
  const { t, i18n } = useTranslation();
  return (
    <DateInput
      {...props}
      locale={i18n.language}
      firstDayOfWeek={1}
      value={value || null}
      valueFormat={display}
      placeholder={t('form.datePlaceholder')}
      clearable={!props.required}
      clearButtonProps={{ 'aria-label': t('form.clearDate', { label: props.label }) }}
      dateParser={(text) => {
        const day = dayjs(text.trim(), understood, true);
        return day.isValid() ? day.format('YYYY-MM-DD') : null;
      }}
    />
  );
}

interface MomentProps extends Omit<DateProps, 'value' | 'onChange'> {
  /** `YYYY-MM-DDTHH:mm` in the reader's time zone, or empty. */
  value: string;
  onChange: (value: string) => void;
}

/** Day and 24-hour time side by side, both typable. */
export function MomentField({ value, onChange, id, label, error, ...props }: MomentProps) {
  const { t } = useTranslation();
  const [day = '', time = ''] = value.split('T');
  // What is typed stays as it is typed until the field is left, and counts from the first: Ctrl+Enter saves without leaving it.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <DateField
        {...props}
        id={id}
        label={label}
        value={day || null}
        error={error}
        onChange={(next) => onChange(next ? `${next}T${time || '00:00'}` : '')}
      />
      <TextInput
        label={t('form.time')}
        aria-label={t('form.timeOf', { label })}
        placeholder="14:05"
        inputMode="numeric"
        autoComplete="off"
        w={84}
        flex="none"
        value={typed ?? time}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          onChange(day || text ? `${day}T${fullTime(text)}` : '');
        }}
        onBlur={() => setTyped(null)}
      />
    </Group>
  );
}

/** `930`, `9:30` and `09.30` all mean `09:30`. The browser's own time field would show a.m. and p.m. in some countries. */
function fullTime(text: string): string {
  const match = /^(\d{1,2}?)[:.h ]?(\d{2})$/.exec(text.trim());
  return match ? `${match[1]?.padStart(2, '0')}:${match[2]}` : text.trim();
}

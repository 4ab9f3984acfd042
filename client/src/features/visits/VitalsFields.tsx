import { NumberInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormSection } from '../../ui/FormSection';
import type { EditForm } from '../../ui/use-edit-form';
import type { VitalSign, VitalsValues } from './vitals';
import { vitalSigns } from './vitals';

interface Props<Values extends Record<string, unknown> & { vitals: VitalsValues }> {
  edit: EditForm<Values>;
  /** What a closed visit says: told at each field that shall say something else. */
  previous?: VitalsValues;
}

/** One field per vital sign, each with its unit in the label. */
export function VitalsFields<Values extends Record<string, unknown> & { vitals: VitalsValues }>({
  edit,
  previous,
}: Props<Values>) {
  const { t } = useTranslation();
  const untilNow = (sign: VitalSign) => {
    const was = previous?.[sign.key];
    if (was === undefined || was === edit.form.values.vitals[sign.key]) return undefined;
    return t('visit.untilNowValue', { value: was === '' ? t('common.notRecorded') : `${was} ${sign.unit}` });
  };
  return (
    <FormSection title={t('vitals.title')}>
      {vitalSigns.map((sign) => (
        <NumberInput
          key={sign.key}
          label={`${t(`vitals.${sign.key}`)} (${sign.unit})`}
          description={untilNow(sign)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          hideControls
          inputMode="decimal"
          allowNegative={false}
          decimalScale={sign.decimals}
          onInputCapture={readComma}
          {...edit.field(`vitals.${sign.key}`)}
        />
      ))}
    </FormSection>
  );
}

/**
 * A decimal comma is read as a point. Left to itself the field takes one that is typed, but not one that comes with its number at
 * once, pasted or dictated: 37,9 would become 379.
 */
function readComma({ currentTarget: field }: FormEvent<HTMLInputElement>): void {
  const comma = field.value.indexOf(',');
  if (comma >= 0) field.setRangeText('.', comma, comma + 1, 'preserve');
}

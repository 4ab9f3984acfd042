import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FormSection } from '../../ui/FormSection';
import type { EditForm } from '../../ui/use-edit-form';
import type { VitalsValues } from './vitals';
import { vitalSigns } from './vitals';

interface Props<Values extends Record<string, unknown> & { vitals: VitalsValues }> {
  edit: EditForm<Values>;
}

/** One field per vital sign, each with its unit in the label. */
export function VitalsFields<Values extends Record<string, unknown> & { vitals: VitalsValues }>({
  edit,
}: Props<Values>) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('vitals.title')}>
      {vitalSigns.map((sign) => (
        <NumberInput
          key={sign.key}
          label={`${t(`vitals.${sign.key}`)} (${sign.unit})`}
          hideControls
          inputMode="decimal"
          allowNegative={false}
          decimalScale={sign.decimals}
          allowedDecimalSeparators={['.', ',']}
          {...edit.field(`vitals.${sign.key}`)}
        />
      ))}
    </FormSection>
  );
}

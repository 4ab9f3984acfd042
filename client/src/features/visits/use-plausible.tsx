import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { formatNumber } from '../../ui/format';
import { doubtful, type VitalSign, type VitalsValues } from './vitals';

/** The person wants to look at the values again: not a fault. */
export class LookAgain extends Error {}

interface Question {
  signs: VitalSign[];
  values: VitalsValues;
}

/**
 * Asks before a value is saved that is possible but hardly ever true (a temperature of 24 °C, say).
 * @returns a check that throws LookAgain when the answer is no, and the dialog to draw.
 */
export function usePlausible(patientName: string): {
  check: (values: VitalsValues) => Promise<void>;
  dialog: ReactNode;
} {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question | null>(null);
  const settle = useRef<((right: boolean) => void) | null>(null);

  const check = async (values: VitalsValues) => {
    const signs = doubtful(values);
    if (signs.length === 0) return;
    setQuestion({ signs, values });
    const right = await new Promise<boolean>((resolve) => {
      settle.current = resolve;
    });
    setQuestion(null);
    if (!right) throw new LookAgain();
  };

  const answer = (right: boolean) => settle.current?.(right);
  const dialog = question ? (
    <Dialog opened onClose={() => answer(false)} title={t('vitals.question', { name: patientName })}>
      <Stack>
        <Text size="sm">{t('vitals.questionText')}</Text>
        <List size="sm">
          {question.signs.map((sign) => (
            <List.Item key={sign.key}>
              {t('vitals.doubt', {
                sign: t(`vitals.${sign.key}`),
                value: formatNumber(Number(question.values[sign.key]), sign.decimals),
                low: formatNumber(sign.plausible[0], 1),
                high: formatNumber(sign.plausible[1], 1),
                unit: sign.unit,
              })}
            </List.Item>
          ))}
        </List>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => answer(false)}>
            {t('vitals.lookAgain')}
          </Button>
          <Button onClick={() => answer(true)}>{t('vitals.correct')}</Button>
        </Group>
      </Stack>
    </Dialog>
  ) : null;
  return { check, dialog };
}

import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Fact.module.css';

/** A label and its value. What is not known is written, never left blank. */
export function Fact({ label, children }: { label: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const empty = children === null || children === undefined || children === '';
  return (
    <Box>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text
        component="dd"
        size="sm"
        m={0}
        c={empty ? 'dimmed' : undefined}
        fs={empty ? 'italic' : undefined}
        className={classes.value}
      >
        {empty ? t('common.notRecorded') : children}
      </Text>
    </Box>
  );
}

export function Facts({ children, columns = 2 }: { children: ReactNode; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={classes.facts} data-columns={columns}>
      {children}
    </dl>
  );
}

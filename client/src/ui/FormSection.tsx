import { Paper, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './FormSection.module.css';

/** A group of fields under one heading, in a grid that folds on small screens. */
export function FormSection({ title, children, grid = true }: { title: string; children: ReactNode; grid?: boolean }) {
  const id = useId();
  return (
    <Paper role="group" aria-labelledby={id} p="md" bg="var(--chartseal-surface)">
      <Title order={2} id={id} mb="sm">
        {title}
      </Title>
      <div className={grid ? classes.grid : undefined}>{children}</div>
    </Paper>
  );
}

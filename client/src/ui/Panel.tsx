import { Group, Paper, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A titled card: a region a screen reader can jump to. */
export function Panel({ title, action, children }: Props) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} id={id}>
          {title}
        </Title>
        {action ? <div style={{ flex: 'none' }}>{action}</div> : null}
      </Group>
      {children}
    </Paper>
  );
}

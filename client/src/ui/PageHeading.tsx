import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

interface Props {
  title: string;
  /** Said in the browser's tab when the title itself must not be (it names a patient). */
  tabTitle?: string;
  note?: ReactNode;
  actions?: ReactNode;
  order?: 1 | 2;
}

/** The heading of a page: takes the focus when the page opens, so that a screen reader starts here. */
export function PageHeading({ title, tabTitle, note, actions, order = 1 }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${tabTitle ?? title} · Chartseal`;
  }, [title, tabTitle]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Title ref={heading} order={order} tabIndex={-1} style={{ outline: 'none' }}>
          {title}
        </Title>
        {note ? (
          <Text c="dimmed" size="sm" component="div">
            {note}
          </Text>
        ) : null}
      </Stack>
      {actions ? <Group gap="xs">{actions}</Group> : null}
    </Group>
  );
}

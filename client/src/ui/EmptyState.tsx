import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  icon: Icon;
  title: string;
  text?: string;
  action?: ReactNode;
}

/** Nothing here yet, and what to do next. */
export function EmptyState({ icon: Glyph, title, text, action }: Props) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md">
      <ThemeIcon size={44} radius="xl" variant="light" color="gray" aria-hidden>
        <Glyph size={22} />
      </ThemeIcon>
      <Text fw={600} ta="center">
        {title}
      </Text>
      {text ? (
        <Text c="dimmed" size="sm" ta="center" maw={420}>
          {text}
        </Text>
      ) : null}
      {action}
    </Stack>
  );
}

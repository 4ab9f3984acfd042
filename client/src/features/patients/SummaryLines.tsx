import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './SummaryLines.module.css';

interface Line {
  text: string;
  note?: string | undefined;
  badge: string;
  /** Counts now: stands before the others and is never folded away. */
  active: boolean;
  /** What says how grave an allergy is has no colour but red, which is for danger alone. */
  danger?: boolean;
}

/** So many lines are shown at least; what is not active may be unfolded after them. */
const AT_FIRST = 6;

/** A list of the summary. Nothing active is ever out of sight, and how much is folded away is said. */
export function SummaryLines({ lines, empty }: { lines: Line[]; empty: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  // What is active now comes first: the past is read after it.
  const ordered = [...lines].sort((one, other) => Number(other.active) - Number(one.active));
  const first = Math.max(AT_FIRST, lines.filter((line) => line.active).length);
  return (
    <>
      <Stack component="ul" gap={8} m={0} p={0} style={{ listStyle: 'none' }}>
        {ordered.map((line, place) => (
          <Group
            component="li"
            key={place}
            justify="space-between"
            wrap="nowrap"
            align="flex-start"
            gap="sm"
            className={all || place < first ? undefined : classes.folded}
          >
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className={classes.text}>
                {line.text}
              </Text>
              {line.note ? (
                <Text size="xs" c="dimmed">
                  {line.note}
                </Text>
              ) : null}
            </div>
            <Badge
              color={line.active && line.danger === undefined ? 'seal' : 'gray'}
              className={line.danger ? classes.danger : undefined}
            >
              {line.badge}
            </Badge>
          </Group>
        ))}
      </Stack>
      {lines.length > first ? (
        <Button
          size="compact-sm"
          mih={28}
          mt="xs"
          ml={-8}
          variant="subtle"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? t('common.less') : t('common.all', { count: lines.length })}
        </Button>
      ) : null}
    </>
  );
}

import { Group, Text } from '@mantine/core';

export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/favicon.svg" alt="" width={28} height={28} />
      <Text fw={700} size="lg" style={{ letterSpacing: '-0.01em' }}>
        Chartseal
      </Text>
    </Group>
  );
}

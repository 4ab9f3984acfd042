import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Stands in for rows of a list until they come. */
export function RowsSkeleton({ rows = 6, height = 36 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="status" aria-live="polite">
      <VisuallyHidden>{t('common.loading')}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

/** Stands in for a whole page: a heading and blocks. */
export function PageSkeleton() {
  return (
    <Stack>
      <Skeleton height={30} width={240} />
      <RowsSkeleton rows={3} height={110} />
    </Stack>
  );
}

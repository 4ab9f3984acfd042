import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { VisitStatus } from '../../gql/graphql';

const colours: Record<VisitStatus, string> = {
  PLANNED: 'blue',
  IN_PROGRESS: 'seal',
  FINISHED: 'gray',
  CANCELLED: 'gray',
  ENTERED_IN_ERROR: 'orange',
};

export function VisitStatusBadge({ status }: { status: VisitStatus }) {
  const { t } = useTranslation();
  return (
    <Badge color={colours[status]} style={{ flex: 'none' }}>
      {t(`visitStatus.${status}`)}
    </Badge>
  );
}

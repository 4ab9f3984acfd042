import { Container } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState';
import { PageHeading } from '../ui/PageHeading';
import { LinkButton } from '../ui/links';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Container size="sm" py="xl">
      <PageHeading title={t('notFound.title')} />
      <EmptyState
        icon={IconMapOff}
        title={t('notFound.what')}
        text={t('notFound.text')}
        action={
          <LinkButton to="/" variant="default">
            {t('notFound.home')}
          </LinkButton>
        }
      />
    </Container>
  );
}

import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../gql/graphql';
import { useMay } from '../session/use-session';
import { EmptyState } from '../ui/EmptyState';
import { PageHeading } from '../ui/PageHeading';
import type { ReactNode } from 'react';
import { LinkButton } from '../ui/links';

/** Says that a page, or the record of one patient, is closed to this person, and who can open it. */
export function NoAccess({ to = 'what' }: { to?: 'what' | 'patient' }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeading title={t('noAccess.title')} />
      <EmptyState
        icon={IconLock}
        title={t(`noAccess.${to}`)}
        text={t('noAccess.text')}
        action={
          <LinkButton to="/" variant="default">
            {t('notFound.home')}
          </LinkButton>
        }
      />
    </>
  );
}

/** Shows its children only to those who may; others are told whom to ask. */
export function Only({ permission, children }: { permission: Permission; children: ReactNode }) {
  return useMay(permission) ? children : <NoAccess />;
}

import { useFragment } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Badge, Group, Text } from '@mantine/core';
import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantStripPartsFragment, PatientBannerPartsFragment } from '../../gql/graphql';
import { formatDate, formatDateTime, patientName } from '../../ui/format';
import { GrantStrip } from '../break-glass/GrantStrip';
import { byGravity } from './allergies';
import { ConfidentialBadge } from './ConfidentialBadge';
import { PatientBannerParts } from './fragments';
import classes from './PatientBanner.module.css';

interface Props {
  patient: FragmentType<PatientBannerPartsFragment> & FragmentType<GrantStripPartsFragment>;
  /** The record was open under a broken glass, and that is over. */
  onGrantOver: () => void;
}

/** The header above the banner, and a breath below it. */
const AROUND_PX = 72;

/** Whose record this is: always in view, so that nothing is written into the wrong one. */
export function PatientBanner({ patient, onGrantOver }: Props) {
  const { t } = useTranslation();
  const { data, complete } = useFragment({ fragment: PatientBannerParts, from: patient });
  const { box, scrolls } = useOwnHeight();
  if (!complete) return null;
  const age = data.age === null ? '' : ` (${t('patient.age', { count: data.age })})`;
  return (
    <section
      ref={box}
      className={classes.banner}
      aria-label={t('patient.banner')}
      tabIndex={scrolls ? 0 : undefined} // else the keyboard could not scroll it
    >
      <Group gap="2px 16px" align="baseline">
        <Text fw={700} className={classes.name}>
          {patientName(data.name)}
          {data.name.prefix ? <span className={classes.prefix}> ({data.name.prefix})</span> : null}
        </Text>
        <Text size="sm">
          <span className={classes.label}>{t('patient.born')}</span> {formatDate(data.birthDate)}
          {age}
        </Text>
        <Text size="sm">
          <span className={classes.label}>{t('patient.gender')}</span> {t(`gender.${data.gender}`)}
        </Text>
        <Text size="sm">
          <span className={classes.label}>{t('patient.mrn')}</span> {data.mrn}
        </Text>
      </Group>
      <Group gap={6} mt={4}>
        <Allergies allergies={data.allergies} />
        {data.deceasedAt ? (
          <Badge color="dark" variant="filled">
            {t('patient.deceased', { when: formatDateTime(data.deceasedAt) })}
          </Badge>
        ) : null}
        <ConfidentialBadge patient={data} />
        {data.deletedAt ? (
          <Badge color="orange" variant="filled">
            {t('patient.deletedOn', { when: formatDateTime(data.deletedAt) })}
          </Badge>
        ) : null}
      </Group>
      <GrantStrip patient={patient} onOver={onGrantOver} />
    </section>
  );
}

/** Keeps what takes the focus clear of the banner, and says whether the banner shows less than all of itself. */
function useOwnHeight() {
  const [scrolls, setScrolls] = useState(false);
  const box = useCallback((banner: HTMLElement) => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => {
      style.scrollPaddingTop = `${banner.offsetHeight + AROUND_PX}px`;
      setScrolls(banner.scrollHeight > banner.clientHeight);
    });
    observer.observe(banner);
    return () => {
      observer.disconnect();
      style.removeProperty('scroll-padding-top');
    };
  }, []);
  return { box, scrolls };
}

function Allergies({ allergies }: { allergies: PatientBannerPartsFragment['allergies'] }) {
  const { t } = useTranslation();
  if (allergies.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('patient.noAllergies')}
      </Text>
    );
  }
  return (
    <ul className={classes.allergies} aria-label={t('patient.allergies')}>
      {byGravity(allergies).map((allergy, place) => (
        <li key={place} className={allergy.severity === 'SEVERE' ? classes.severe : classes.allergy}>
          <IconAlertTriangleFilled size={12} aria-hidden />
          {allergy.substance} · {t(`severity.${allergy.severity}`)}
        </li>
      ))}
    </ul>
  );
}

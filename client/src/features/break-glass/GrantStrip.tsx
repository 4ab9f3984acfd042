import { useFragment, useMutation } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Button, VisuallyHidden } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantStripPartsFragment } from '../../gql/graphql';
import { notifyDone, notifyFault } from '../../ui/notify';
import { EndBreakGlass, GrantStripParts } from './documents';
import classes from './GrantStrip.module.css';
import { useCountdown } from './use-countdown';

interface Props {
  patient: FragmentType<GrantStripPartsFragment>;
  /** The grant is over: the record must go from the screen. */
  onOver: () => void;
}

/** Says, as long as the record is open under a broken glass, that it is, for how long, and how to end it. */
export function GrantStrip({ patient, onOver }: Props) {
  const { data, complete } = useFragment({ fragment: GrantStripParts, from: patient });
  if (!complete || !data.openGrant) return null;
  return <Strip key={data.openGrant.id} grant={data.openGrant} onOver={onOver} />;
}

function Strip({ grant, onOver }: { grant: { id: string; secondsLeft: number }; onOver: () => void }) {
  const { t } = useTranslation();
  const left = useCountdown(grant.id, grant.secondsLeft);
  const [end, { loading }] = useMutation(EndBreakGlass, { fetchPolicy: 'no-cache' });
  const over = left === 0;
  const told = useRef(false);
  useEffect(() => {
    if (!over || told.current) return;
    told.current = true; // once, when time is up; not whenever the page above renders
    onOver();
  }, [over, onOver]);
  const endNow = async () => {
    try {
      await end({ variables: { input: { id: grant.id } } });
      notifyDone(t('breakGlass.ended'));
      onOver();
    } catch (error) {
      notifyFault(error);
    }
  };
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  const minutes = Math.ceil(left / 60);
  return (
    <div className={classes.strip} role="group" aria-label={t('breakGlass.strip')}>
      <IconUrgent size={18} aria-hidden />
      <span className={classes.said}>
        <strong>{t('breakGlass.strip')}</strong> ·{' '}
        <span className={classes.clock}>{t('breakGlass.left', { clock })}</span>
      </span>
      <span className={classes.note}>{t('breakGlass.stripText')}</span>
      <VisuallyHidden aria-live="polite">
        {minutes <= 5 || minutes % 5 === 0 ? t('breakGlass.spoken', { count: minutes }) : ''}
      </VisuallyHidden>
      <Button
        className={classes.end}
        size="compact-sm"
        mih={28}
        variant="default"
        loading={loading}
        onClick={() => void endNow()}
      >
        {t('breakGlass.endNow')}
      </Button>
    </div>
  );
}

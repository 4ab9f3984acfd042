import { useTranslation } from 'react-i18next';
import type { VitalsPartsFragment } from '../../gql/graphql';
import { formatNumber } from '../../ui/format';
import { isUsual, vitalSigns } from './vitals';
import classes from './VitalsReadings.module.css';

/** What was measured, with units; what lies outside the usual range says so in words too. */
export function VitalsReadings({ vitals }: { vitals: VitalsPartsFragment }) {
  const { t } = useTranslation();
  const measured = vitalSigns.flatMap((sign) => {
    const value = vitals[sign.key];
    return typeof value === 'number' ? [{ sign, value }] : [];
  });
  return (
    <dl className={classes.readings}>
      {measured.map(({ sign, value }) => {
        const usual = isUsual(sign, value);
        const high = sign.usual && value > sign.usual[1];
        return (
          <div key={sign.key} className={classes.reading}>
            <dt>{t(`vitals.${sign.key}`)}</dt>
            <dd data-unusual={!usual || undefined}>
              {formatNumber(value, sign.decimals)} <span>{sign.unit}</span>
              {usual ? null : <em>{high ? t('vitals.high') : t('vitals.low')}</em>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

import { useTranslation } from 'react-i18next';
import type { VitalsPartsFragment } from '../../gql/graphql';
import { formatNumber } from '../../ui/format';
import { deviation, vitalSigns } from './vitals';
import classes from './VitalsReadings.module.css';

/** What was measured, with units; what lies outside the usual range says so in words too. */
export function VitalsReadings({ vitals, adult }: { vitals: VitalsPartsFragment; adult: boolean }) {
  const { t } = useTranslation();
  const measured = vitalSigns.flatMap((sign) => {
    const value = vitals[sign.key];
    return typeof value === 'number' ? [{ sign, value }] : [];
  });
  return (
    <dl className={classes.readings}>
      {measured.map(({ sign, value }) => {
        const side = deviation(sign, value, adult);
        return (
          <div key={sign.key} className={classes.reading}>
            <dt>{t(`vitals.${sign.key}`)}</dt>
            <dd data-unusual={side ?? undefined}>
              {formatNumber(value, sign.decimals)} <span>{sign.unit}</span>
              {side ? <em>{t(`vitals.${side}`)}</em> : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { Only } from '../../shell/NoAccess';
import { BreakGlassForm } from './BreakGlassForm';

/** The way to a patient nobody outside the care team can find: the record number, from a wristband or a referral. */
export function EmergencyPage() {
  const navigate = useNavigate();
  return (
    <Only permission="BREAK_GLASS">
      <BreakGlassForm
        patientId={null}
        onOpened={(patientId) => void navigate({ to: '/patients/$patientId', params: { patientId } })}
        onCancel={() => void navigate({ to: '/patients' })}
      />
    </Only>
  );
}

import { ClientScope, scopeCatalogue } from '../../../server/access/client-scope';
import { reachOf } from '../../../server/access/permissions';

const scope = (...texts: string[]) => ClientScope.parse(texts, null)!;

describe('ClientScope', () => {
  it('reads what it writes', () => {
    for (const text of [
      'patient.read',
      'patient.read:birthDate,name',
      'vitals.write',
      'visit.read:vitals visit.write',
    ]) {
      expect(scope(...text.split(' ')).toString()).toBe(text);
    }
    const whole = Object.keys(scopeCatalogue).join(' ');
    expect(scope(...whole.split(' ')).toString()).toBe(whole);
  });

  it('knows nothing but the catalogue', () => {
    for (const text of [
      '',
      'patient',
      'patient.read:',
      'patient.read:name,',
      'patient.read:NAME',
      'toString',
      'visit.read:name',
      'vitals.write:vitals',
      'patient.read:name:mrn',
    ]) {
      // prettier-ignore
      expect(ClientScope.parse([text], null)).toBeNull();
    }
  });

  it('allows nothing when nothing was given', () => {
    const nothing = scope();
    expect(['PATIENT_READ', 'USER_MANAGE'].map((permission) => nothing.grants(permission))).toEqual([false, false]);
    expect(['name', 'visits', 'search'].map((group) => nothing.mayOpen(group))).toEqual([false, false, false]);
    expect(nothing.maySet('patient', 'name')).toBe(false);
  });

  it('opens and sets what it names, and reading is not writing', () => {
    const reads = scope('patient.read:name,birthDate');
    expect(['name', 'birthDate', 'phone', 'diagnosis', 'visits', 'search', 'deleteReason'].map((group) => reads.mayOpen(group))).toEqual([true, true, false, false, false, false, false]); // prettier-ignore
    expect(reads.maySet('patient', 'name')).toBe(false);
    const writes = scope('patient.write:phone', 'visit.write:visitDiagnosis');
    expect(writes.mayOpen('phone')).toBe(false);
    expect([writes.maySet('patient', 'phone'), writes.maySet('patient', 'email'), writes.maySet('patient', 'diagnosis')]).toEqual([true, false, false]); // prettier-ignore
    expect([writes.maySet('visit', 'diagnosis'), writes.maySet('visit', 'notes'), writes.maySet('visit', 'status')]).toEqual([true, false, true]); // prettier-ignore
    expect([scope('vitals.write').maySet('visit', 'vitals'), scope('vitals.write').maySet('visit', 'notes')]).toEqual([
      true,
      false,
    ]);
  });

  it('narrows and never widens', () => {
    const own = scope('patient.read:name,birthDate', 'visit.read');
    expect(own.includes(scope('patient.read:name'))).toBe(true);
    expect(own.includes(scope('patient.read'))).toBe(false);
    expect(own.includes(scope('visit.write'))).toBe(false);
    expect(own.within(scope('patient.read', 'treatment.read')).toString()).toBe('patient.read:birthDate,name');
    expect(own.within(scope('patient.read:phone')).mayOpen('phone')).toBe(false);
  });

  it('grants no permission that the role INTEGRATION lacks', () => {
    for (const { permissions } of Object.values(scopeCatalogue)) {
      for (const permission of permissions) expect(reachOf('INTEGRATION', permission)).toBe('scope');
    }
  });
});

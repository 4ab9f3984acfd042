import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { scrub } from '../../../server/platform/scrub';

function databaseError(message: string, fields: Partial<DatabaseError>): QueryFailedError {
  const driverError = Object.assign(new DatabaseError(message, message.length, 'error'), fields);
  return new QueryFailedError('INSERT INTO patient VALUES ($1)', ['Wetherby'], driverError);
}

describe('scrubbed errors', () => {
  test('neither parameters nor DETAIL of a failed statement remain, its table and constraint do', () => {
    const error = databaseError('duplicate key value violates unique constraint "patient_mrn_key"', {
      code: '23505',
      detail: 'Key (mrn)=(Wetherby) already exists.',
      table: 'patient',
      constraint: 'patient_mrn_key',
    });
    const scrubbed = scrub(error);
    expect(JSON.stringify(scrubbed)).not.toContain('Wetherby');
    expect(scrubbed).toMatchObject({ code: '23505', table: 'patient', constraint: 'patient_mrn_key' });
  });

  test('a data exception quotes the value in its message, so the message goes', () => {
    const error = databaseError('invalid input syntax for type uuid: "Wetherby"', { code: '22P02' });
    expect(JSON.stringify(scrub(error))).not.toContain('Wetherby');
  });

  test('input quoted by parsers, e-mail addresses and credentials of URLs go, causes are scrubbed too', () => {
    const inner = new Error('cannot reach postgres://root:hunter2@db:5432 for lindqvist@ward.example');
    const outer = new SyntaxError('Unexpected token W in "Wetherby" is not JSON', { cause: inner });
    const text = JSON.stringify(scrub(outer));
    for (const secret of ['Wetherby', 'hunter2', 'lindqvist']) expect(text).not.toContain(secret);
    expect(text).toContain('db:5432');
  });

  test('the stack keeps its frames without the message', () => {
    const { stack } = scrub(new Error('Wetherby'));
    expect(stack).toContain('scrub.test.ts');
    expect(stack).not.toContain('Wetherby');
  });
});

/** The fragment of the address with which a patient's treatments open ready to be written. */
export const WRITING = 'update';

/** Names the draft of a patient's next treatment update. */
export const treatmentDraft = (patientId: string) => `treatment ${patientId}`;

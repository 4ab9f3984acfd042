import { Gender } from '../../patients';
import { VisitType } from '../../visits';

/** A visit as a case tells it; `{…}` in the note is filled in from the vital signs measured. */
export interface Chapter {
  reason: string;
  note: string;
  type?: VisitType;
}

/** A clinical story that many made-up patients can have. Codes are SNOMED CT. */
export interface Case {
  code: string;
  problem: string;
  ages: readonly [number, number];
  gender?: Gender;
  medications: readonly { text: string; dose: string }[];
  /** Treatment as it developed, oldest first. */
  treatments: readonly string[];
  chapters: readonly Chapter[];
  history: string;
  /** What the illness does to the vital signs. */
  effect?: Partial<
    Record<'temperature' | 'heartRate' | 'respiratoryRate' | 'systolic' | 'diastolic' | 'oxygenSaturation', number>
  >;
  /** Reason to stay in hospital; without one the case never does. */
  admission?: string;
}

const { EMERGENCY, HOME, VIRTUAL } = VisitType;

export const cases: readonly Case[] = [
  {
    code: '38341003', problem: 'Hypertension', ages: [35, 99],
    medications: [{ text: 'Amlodipine 5 mg tablet', dose: '1 tablet every morning' }, { text: 'Ramipril 5 mg capsule', dose: '1 capsule every evening' }],
    treatments: ['Lifestyle advice: less salt, 30 minutes of walking a day. Home readings for two weeks.', 'Amlodipine 5 mg once daily started. Check ankles for swelling.', 'Ramipril 5 mg added. Potassium and creatinine in two weeks.'],
    chapters: [
      { reason: 'Blood pressure check', note: 'Feels well. BP {systolic}/{diastolic} seated, after five minutes of rest. No headache, no visual change. Heart sounds normal.' },
      { reason: 'Review of home readings', note: 'Brings a diary: morning readings mostly above 140. Today {systolic}/{diastolic}, pulse {heartRate} regular. Takes tablets most days; missed doses at weekends discussed.' },
      { reason: 'Follow-up after change of tablets', note: 'Tolerates the new tablet, no cough. BP {systolic}/{diastolic}. Weight {weight} kg. Continue, next check in three months.', type: VIRTUAL },
    ],
    history: 'Father had a stroke at 68. Stopped smoking ten years ago.', effect: { systolic: 22, diastolic: 10 },
  },
  {
    code: '44054006', problem: 'Type 2 diabetes mellitus', ages: [38, 95],
    medications: [{ text: 'Metformin 500 mg tablet', dose: '1 tablet twice a day with food' }, { text: 'Empagliflozin 10 mg tablet', dose: '1 tablet every morning' }],
    treatments: ['Diet and activity plan agreed; dietitian referral sent.', 'Metformin 500 mg twice daily with food.', 'Empagliflozin 10 mg added; sick-day rules explained. HbA1c in three months.'],
    chapters: [
      { reason: 'Diabetes review', note: 'HbA1c 61 mmol/mol, was 68. Feet: pulses present, monofilament felt at all points. BP {systolic}/{diastolic}. Weight {weight} kg.' },
      { reason: 'Annual foot and eye check', note: 'No ulcers, small callus on the left heel. Retinal photographs taken, result to follow. No hypos.' },
      { reason: 'Tiredness and thirst', note: 'Three weeks of thirst, up twice at night. Random glucose 14.2 mmol/l. Pulse {heartRate}, temperature {temperature} °C, no sign of infection.' },
    ],
    history: 'Raised sugar noted at a hospital stay two years before. Sister also has diabetes.', effect: { systolic: 10 },
    admission: 'Infected foot ulcer, intravenous antibiotics',
  },
  {
    code: '195967001', problem: 'Asthma', ages: [4, 70],
    medications: [{ text: 'Salbutamol 100 µg inhaler', dose: '2 puffs when needed' }, { text: 'Beclometasone 100 µg inhaler', dose: '2 puffs twice a day' }],
    treatments: ['Salbutamol when needed; inhaler technique shown with a spacer.', 'Preventer started: beclometasone 100 µg, two puffs twice a day.', 'Step kept. Written action plan given, flu vaccination advised.'],
    chapters: [
      { reason: 'Wheeze and night cough', note: 'Wheeze on most nights this month. Respiratory rate {respiratoryRate}, saturation {oxygenSaturation} % on air. Scattered expiratory wheeze, speaks in sentences.' },
      { reason: 'Asthma review', note: 'Reliever twice a week, sleeps through. Peak flow 85 % of best. Technique good after correction.' },
      { reason: 'Acute shortness of breath', note: 'Worse since last night after a cold. Rate {respiratoryRate}, pulse {heartRate}, saturation {oxygenSaturation} %. Better after salbutamol by spacer; home with prednisolone for five days.', type: EMERGENCY },
    ],
    history: 'Eczema in early childhood. One admission for asthma at age nine.', effect: { respiratoryRate: 4, oxygenSaturation: -2, heartRate: 6 },
  },
  {
    code: '13645005', problem: 'Chronic obstructive pulmonary disease', ages: [55, 96],
    medications: [{ text: 'Tiotropium 18 µg inhalation capsule', dose: '1 inhalation once a day' }, { text: 'Salbutamol 100 µg inhaler', dose: '2 puffs when needed' }],
    treatments: ['Tiotropium once daily. Smoking cessation clinic booked.', 'Pulmonary rehabilitation, twice a week for eight weeks.', 'Rescue pack at home: doxycycline and prednisolone, with written instructions.'],
    chapters: [
      { reason: 'Breathless on stairs', note: 'Stops at the first landing. Saturation {oxygenSaturation} % at rest, rate {respiratoryRate}. Hyperinflated chest, quiet breath sounds, no oedema.' },
      { reason: 'More sputum than usual', note: 'Green sputum for four days. Temperature {temperature} °C, saturation {oxygenSaturation} %. Started rescue pack; review in 48 hours.', type: HOME },
      { reason: 'COPD review', note: 'FEV1 58 % predicted, stable. Walks the dog daily again after rehabilitation. Weight {weight} kg.' },
    ],
    history: 'Forty pack-years, stopped two years ago. Worked in a foundry.', effect: { respiratoryRate: 5, oxygenSaturation: -5, heartRate: 6 },
    admission: 'Exacerbation of COPD, controlled oxygen and nebulisers',
  },
  {
    code: '84114007', problem: 'Heart failure', ages: [60, 97],
    medications: [{ text: 'Bisoprolol 2.5 mg tablet', dose: '1 tablet every morning' }, { text: 'Furosemide 40 mg tablet', dose: '1 tablet every morning' }],
    treatments: ['Furosemide 40 mg in the morning. Daily weights at home.', 'Bisoprolol 2.5 mg started, to be doubled every two weeks if pulse allows.', 'Furosemide 80 mg for five days, then back to 40 mg. Call if more than 2 kg gained in three days.'],
    chapters: [
      { reason: 'Swollen legs', note: 'Ankle oedema to mid-calf, 3 kg up since last month ({weight} kg). Pulse {heartRate}, BP {systolic}/{diastolic}, fine crackles at both bases.' },
      { reason: 'Heart failure nurse clinic', note: 'Weight {weight} kg, steady. One pillow, walks to the shop. BP {systolic}/{diastolic}. Potassium 4.4.' },
      { reason: 'Breathless at night', note: 'Woke breathless twice. Saturation {oxygenSaturation} %, rate {respiratoryRate}. Given intravenous furosemide with good effect.', type: EMERGENCY },
    ],
    history: 'Anterior myocardial infarction six years ago. Ejection fraction 38 %.', effect: { heartRate: 10, respiratoryRate: 3, oxygenSaturation: -3 },
    admission: 'Decompensated heart failure, intravenous diuretics',
  },
  {
    code: '396275006', problem: 'Osteoarthritis of the knee', ages: [50, 95],
    medications: [{ text: 'Paracetamol 1 g tablet', dose: '1 tablet up to four times a day' }, { text: 'Diclofenac 1 % gel', dose: 'Thin layer on the knee three times a day' }],
    treatments: ['Exercise programme for the thigh muscles; gel when needed.', 'Physiotherapy, six sessions. Walking stick fitted.', 'Joint injection done. Orthopaedic opinion requested.'],
    chapters: [
      { reason: 'Knee pain', note: 'Right knee worse on stairs, stiff for ten minutes in the morning. Crepitus, no effusion, flexion 110°. Pain {painScore} of 10.' },
      { reason: 'Knee follow-up', note: 'Pain {painScore} of 10 after physiotherapy. Walks 800 m. Weight {weight} kg; advice on reducing.' },
    ],
    history: 'Meniscus operation on the right knee at 41.',
  },
  {
    code: '35489007', problem: 'Depressive disorder', ages: [18, 85],
    medications: [{ text: 'Sertraline 50 mg tablet', dose: '1 tablet every morning' }],
    treatments: ['Talking therapy referral; sleep plan.', 'Sertraline 50 mg. Effect expected after two to four weeks; what to do if worse was explained.', 'Continue sertraline for six months after recovery.'],
    chapters: [
      { reason: 'Low mood', note: 'Low for two months, wakes at four, little appetite. No thoughts of self-harm. Support from family. PHQ-9 15.' },
      { reason: 'Follow-up of mood', note: 'Sleeps better, back at work part-time. PHQ-9 9. No side effects but dry mouth.', type: VIRTUAL },
    ],
    history: 'One earlier episode after a bereavement.',
  },
  {
    code: '49436004', problem: 'Atrial fibrillation', ages: [58, 97],
    medications: [{ text: 'Apixaban 5 mg tablet', dose: '1 tablet twice a day' }, { text: 'Bisoprolol 5 mg tablet', dose: '1 tablet every morning' }],
    treatments: ['Anticoagulation with apixaban; bleeding risk discussed.', 'Rate control with bisoprolol 5 mg, aim below 100 at rest.'],
    chapters: [
      { reason: 'Palpitations', note: 'Irregular pulse, {heartRate} a minute, BP {systolic}/{diastolic}. ECG: atrial fibrillation, no ischaemia. CHA2DS2-VASc 3.' },
      { reason: 'Anticoagulation review', note: 'No bleeding, takes both doses. Creatinine clearance 64 ml/min. Pulse {heartRate}.' },
    ],
    history: 'Thyroid function normal. Echo: dilated left atrium.', effect: { heartRate: 24 },
    admission: 'Fast atrial fibrillation, rate control',
  },
  {
    code: '40930008', problem: 'Hypothyroidism', ages: [25, 90],
    medications: [{ text: 'Levothyroxine 75 µg tablet', dose: '1 tablet every morning, half an hour before breakfast' }],
    treatments: ['Levothyroxine 50 µg every morning.', 'Levothyroxine raised to 75 µg; TSH in eight weeks.'],
    chapters: [
      { reason: 'Tired and cold', note: 'Weight up 4 kg in six months ({weight} kg), dry skin. Pulse {heartRate}. TSH 11.8.' },
      { reason: 'Thyroid control', note: 'Feels well. TSH 2.1. Dose unchanged, next control in a year.', type: VIRTUAL },
    ],
    history: 'Mother had thyroid surgery.', effect: { heartRate: -8 },
  },
  {
    code: '65363002', problem: 'Otitis media', ages: [0, 12],
    medications: [{ text: 'Amoxicillin 250 mg/5 ml suspension', dose: '5 ml three times a day for five days' }],
    treatments: ['Pain relief and watchful waiting for 48 hours.', 'Amoxicillin for five days.'],
    chapters: [
      { reason: 'Earache and fever', note: 'Crying at night, pulls the left ear. Temperature {temperature} °C. Left drum red and bulging. Drinks well, alert.' },
      { reason: 'Ear check', note: 'Comfortable. Temperature {temperature} °C. Drum dull, no discharge. Hearing test if still dull in six weeks.' },
    ],
    history: 'Born at term, vaccinations up to date.', effect: { temperature: 1.4, heartRate: 15 },
  },
  {
    code: '24079001', problem: 'Atopic dermatitis', ages: [0, 30],
    medications: [{ text: 'Hydrocortisone 1 % cream', dose: 'Thin layer twice a day for a week' }, { text: 'Emollient ointment', dose: 'Generously, at least twice a day' }],
    treatments: ['Emollient twice a day, short courses of hydrocortisone 1 %.', 'Wet wraps shown by the nurse; triggers diary.'],
    chapters: [
      { reason: 'Itchy rash', note: 'Dry, excoriated patches in both elbow folds, no infection. Sleeps badly for itching.' },
      { reason: 'Skin review', note: 'Much calmer. Small patch behind the right knee. Creams are used as agreed.' },
    ],
    history: 'Hay fever in the family.',
  },
  {
    code: '37796009', problem: 'Migraine', ages: [12, 60],
    medications: [{ text: 'Sumatriptan 50 mg tablet', dose: '1 tablet at the onset of an attack' }],
    treatments: ['Headache diary; ibuprofen early in the attack.', 'Sumatriptan 50 mg at onset, at most ten days a month.'],
    chapters: [
      { reason: 'Headaches', note: 'Throbbing, one-sided, with nausea, four a month. Neurological examination normal. BP {systolic}/{diastolic}.' },
      { reason: 'Headache review', note: 'Two attacks this month, both settled within two hours. Pain at worst {painScore} of 10.', type: VIRTUAL },
    ],
    history: 'Mother has migraine. No aura.',
  },
  {
    code: '87522002', problem: 'Iron deficiency anaemia', ages: [14, 80],
    medications: [{ text: 'Ferrous fumarate 210 mg tablet', dose: '1 tablet every other day' }],
    treatments: ['Ferrous fumarate on alternate days; cause being looked for.', 'Haemoglobin recovered; iron for three more months.'],
    chapters: [
      { reason: 'Tired, short of breath on exertion', note: 'Pale. Pulse {heartRate}. Haemoglobin 98 g/l, ferritin 6. No change of bowel habit.' },
      { reason: 'Blood test review', note: 'Haemoglobin 121 g/l. More energy. Tablets tolerated.' },
    ],
    history: 'Coeliac serology negative.', effect: { heartRate: 12 },
  },
  {
    code: '233604007', problem: 'Pneumonia', ages: [2, 97],
    medications: [{ text: 'Amoxicillin 500 mg capsule', dose: '1 capsule three times a day for seven days' }],
    treatments: ['Amoxicillin for seven days, fluids, rest. Return if breathless.', 'Recovered; chest X-ray in six weeks.'],
    chapters: [
      { reason: 'Cough, fever, chest pain', note: 'Three days of fever. Temperature {temperature} °C, rate {respiratoryRate}, saturation {oxygenSaturation} %, BP {systolic}/{diastolic}. Bronchial breathing at the right base.', type: EMERGENCY },
      { reason: 'Follow-up after pneumonia', note: 'Fever gone, still tired. Temperature {temperature} °C, saturation {oxygenSaturation} %. Chest nearly clear.' },
    ],
    history: 'Never smoked.', effect: { temperature: 1.5, heartRate: 18, respiratoryRate: 6, oxygenSaturation: -4 },
    admission: 'Pneumonia with low saturation, oxygen and antibiotics',
  },
  {
    code: '77386006', problem: 'Pregnancy', ages: [19, 42], gender: Gender.FEMALE,
    medications: [{ text: 'Folic acid 400 µg tablet', dose: '1 tablet a day until week 12' }],
    treatments: ['Folic acid, booking visit done, scan booked.', 'Normal course; next check in four weeks.'],
    chapters: [
      { reason: 'Antenatal check', note: 'Week 16, well. BP {systolic}/{diastolic}, weight {weight} kg. Fetal heart heard. Urine clear.' },
      { reason: 'Antenatal check', note: 'Week 24. Movements felt. Fundal height 24 cm. BP {systolic}/{diastolic}.' },
    ],
    history: 'First pregnancy.', effect: { heartRate: 8 },
  },
]; // prettier-ignore

/** For those with nothing but a check-up. */
export const healthy: Case = {
  code: '',
  problem: '',
  ages: [0, 120],
  medications: [],
  treatments: ['No treatment needed. Next check in a year.'],
  chapters: [
    {
      reason: 'Health check',
      note: 'Well, no complaints. BP {systolic}/{diastolic}, pulse {heartRate}, weight {weight} kg. Examination normal.',
    },
    {
      reason: 'Vaccination',
      note: 'Well today, temperature {temperature} °C. Vaccination given in the left upper arm, no reaction after 15 minutes.',
    },
    {
      reason: 'Sore throat',
      note: 'Two days, with a cold. Temperature {temperature} °C. Throat red, no exudate. Advice given.',
    },
  ],
  history: 'No serious illnesses.',
};

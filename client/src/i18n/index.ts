import dayjs from 'dayjs';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en';

export const languages = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof languages;

/** The same keys as English, any words. */
export type Words<Source> = { [Key in keyof Source]: Source[Key] extends string ? string : Words<Source[Key]> };

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const storageKey = 'chartseal-language';

function wanted(): Language {
  const stored = localStorage.getItem(storageKey);
  const first = stored ?? navigator.language.slice(0, 2);
  return first in languages ? (first as Language) : 'en';
}

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
  await speak(wanted());
}

/** Switches the language; remembers it on this device. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await speak(language);
}

async function speak(language: Language): Promise<void> {
  if (language === 'es' && !i18next.hasResourceBundle('es', 'translation')) {
    const [{ es }] = await Promise.all([import('./es'), import('dayjs/locale/es')]);
    i18next.addResourceBundle('es', 'translation', es);
  }
  dayjs.locale(language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

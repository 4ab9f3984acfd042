import { ApolloProvider } from '@apollo/client/react';
import { MantineProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { apollo } from './apollo/client';
import { router } from './router';
import { cssVariables, theme } from './theme/theme';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

export function App() {
  const { i18n } = useTranslation();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>
        <ApolloProvider client={apollo}>
          <Notifications position="bottom-right" containerWidth={360} />
          <RouterProvider router={router} />
        </ApolloProvider>
      </DatesProvider>
    </MantineProvider>
  );
}

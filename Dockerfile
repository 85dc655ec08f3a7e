# makeready in a container. Build books in the current folder with:
#
#   docker build --tag makeready .
#   docker run --rm --volume "$PWD:/book" --user "$(id -u):$(id -g)" makeready
#
# `docker build --target checks` adds Java and Ghostscript, which `makeready check` uses.

FROM debian:bookworm-slim AS packages
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY requirements.lock ./
RUN python3 -m venv /opt/makeready \
    && /opt/makeready/bin/python -m pip --disable-pip-version-check --no-cache-dir install \
        --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY scripts scripts
COPY styles styles
RUN /opt/makeready/bin/python -m pip --disable-pip-version-check --no-cache-dir install \
        --no-deps --no-build-isolation . \
    && /opt/makeready/bin/python -m pip --disable-pip-version-check uninstall --yes \
        hatchling editables pip

FROM debian:bookworm-slim AS base
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        python3 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 writer
COPY --from=packages /opt/makeready /opt/makeready
ENV PATH="/opt/makeready/bin:$PATH" LANG=C.UTF-8
WORKDIR /book
ENTRYPOINT ["makeready"]
CMD ["build"]

FROM base AS checks
RUN apt-get update \
    && apt-get install --yes --no-install-recommends default-jre-headless ghostscript \
    && rm -rf /var/lib/apt/lists/*
USER 1000

FROM base AS makeready
USER 1000

# One image for all parts: docker run … huiying web | worker | jobs | migrate
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/huiying
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY channels channels
COPY router router
COPY templates templates
RUN /opt/huiying/bin/pip install --no-cache-dir --disable-pip-version-check ".[voice]"

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin huiying \
    && install --directory --owner=huiying --group=huiying --mode=0711 /data
COPY --from=build /opt/huiying /opt/huiying
ENV PATH=/opt/huiying/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HUIYING_HOST=0.0.0.0 \
    HUIYING_PORT=8080 \
    HUIYING_DATA_DIR=/data
USER huiying
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Only web listens; for worker and jobs compose.yaml switches this off.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"HUIYING_PORT\"]}/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["web"]

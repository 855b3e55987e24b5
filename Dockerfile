# The server, without tools and without root. Build: docker build -t lineage-graph .
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/lineage-graph \
 && /opt/lineage-graph/bin/pip install --no-cache-dir --no-compile '.[all]'

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin lineage
COPY --from=build /opt/lineage-graph /opt/lineage-graph
ENV PATH=/opt/lineage-graph/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LINEAGE_GRAPH_FOLDER=/data/lineage-graph \
    LINEAGE_GRAPH_HOST=0.0.0.0 \
    LINEAGE_GRAPH_PORT=8765 \
    LINEAGE_GRAPH_RPC_HOST=0.0.0.0 \
    LINEAGE_GRAPH_RPC_PORT=8080
USER lineage
WORKDIR /data
VOLUME /data
EXPOSE 8765 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["lineage-graph", "serve", "--check"]
ENTRYPOINT ["lineage-graph"]
# Off loopback the server starts only when LINEAGE_GRAPH_ACCESS_TOKEN is set.
CMD ["serve", "--no-browser", "--rpc"]

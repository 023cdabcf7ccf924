FROM python:3.11.13-slim-trixie

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production

WORKDIR /app

# For backups: pg_dump, pg_restore and psql, of the version of the server beside.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .
# Its files are collected here: an image wears one theme.
ARG THEME=base
ENV THEME=$THEME
# Production wants to be told everything; collecting files needs none of it, and what
# is said here is forgotten.
# Viewflow's own screens are not used, and name fonts that it does not bring.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    ALLOWED_HOSTS=build.example SITE_URL=https://build.example \
    DATABASE_URL=postgres://build ORGANISER_EMAIL=build@build.example \
    EMAIL_URL=smtp://build.example \
    sh -c "python manage.py compile_translations && python manage.py collectstatic --no-input --ignore viewflow" \
    && useradd --system placa \
    && mkdir -p var/media var/private \
    && chown -R placa var

USER placa
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "--workers-max-rss", "512", "cms.wsgi:application"]

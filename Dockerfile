FROM python:3.11.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production

WORKDIR /app

COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt

COPY . .
# Production wants to be told everything; collecting files needs none of it.
# Viewflow's own screens are not used, and name fonts that it does not bring.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=sqlite://:memory: \
    SITE_URL=https://build ORGANISER_EMAIL=build@build EMAIL_URL=smtp://build \
    sh -c "python manage.py compile_translations && python manage.py collectstatic --no-input --ignore viewflow" \
    && useradd --system placa \
    && mkdir -p var/media \
    && chown -R placa var

USER placa
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "cms.wsgi:application"]

"""How the public site draws its forms."""

from django.forms.renderers import TemplatesSetting


class PlacaRenderer(TemplatesSetting):
    """Draws a form with the theme's templates.

    Public forms name it as their `default_renderer`. It is not the installation's
    FORM_RENDERER, which would restyle the admin too. As it looks templates up
    where pages do, `django.forms` must be among the installed apps.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

"""Choosing local bodies among hundreds."""

from typing import Any

from django import forms

from community.models import LocalBody
from community.models.bodies import search_key


class BodyInput(forms.TextInput):
    """The name of a body, with the names there are to choose from."""

    template_name = "organising/widgets/body.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        list_id = f"{name}-names"
        attrs = {**(attrs or {}), "list": list_id, "autocomplete": "off"}
        context = super().get_context(name, value, attrs)
        names = LocalBody.objects.values_list("name", flat=True)
        return {**context, "list_id": list_id, "names": names}


class BodiesInput(forms.CheckboxSelectMultiple):
    """Many bodies: a list that is narrowed by name or county, without accents, as
    one writes. Without a script it is a long list."""

    template_name = "organising/widgets/bodies.html"

    class Media:
        # After the page is read: it looks for the list there.
        js = (forms.Script("organising/bodies.js", defer=True),)

    def create_option(self, name: str, value: Any, *args, **kwargs) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        body = value.instance
        option["county"] = body.comarca
        option["attrs"]["data-key"] = search_key(f"{body.name} {body.comarca}")
        return option

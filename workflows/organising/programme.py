"""Who speaks at a session and what is left of it, as the organiser writes them."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import log

from cms.models import Material, Speaker
from community.models import User
from community.multilingual import languages_formfield
from events.models import Session

CHANGED = "organising.programme"
# Rows to fill in, besides those there are.
EMPTY = 1


class _InOrder(forms.BaseInlineFormSet):
    """Rows that stand as their numbers say; an empty number goes last."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.queryset = self.queryset.order_by("order", "pk")

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["order"].required = False
        form.fields["order"].label = _("Order")
        form.fields["order"].help_text = _("A number. Empty: after the others.")
        if form.instance.pk is None:
            form.initial["order"] = None

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        form.instance.order = form.cleaned_data["order"] or self._last()
        return super().save_new(form, commit)

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True):
        form.instance.order = form.cleaned_data["order"] or self._last()
        return super().save_existing(form, obj, commit)

    def _last(self) -> int:
        orders = (form.cleaned_data.get("order") for form in self.forms)
        return min(max(filter(None, orders), default=0) + 1, 32_767)


class SpeakerForm(forms.ModelForm):
    class Meta:
        model = Speaker
        fields = ("name", "role", "bio", "photo", "order")
        widgets = {"photo": AdminImageChooser}
        formfield_callback = languages_formfield


class MaterialForm(forms.ModelForm):
    class Meta:
        model = Material
        fields = ("kind", "title", "url", "document", "order")
        widgets = {"document": AdminDocumentChooser}
        formfield_callback = languages_formfield


Speakers = forms.inlineformset_factory(
    Session, Speaker, SpeakerForm, formset=_InOrder, extra=EMPTY
)
Materials = forms.inlineformset_factory(
    Session, Material, MaterialForm, formset=_InOrder, extra=EMPTY
)


class ProgrammeForm:
    """Both lists of `session`, as one form."""

    def __init__(self, session: Session, data: Any = None) -> None:
        self.session = session
        self.speakers = Speakers(data, instance=session, prefix="speakers")
        self.materials = Materials(data, instance=session, prefix="materials")
        self.parts = (self.speakers, self.materials)

    @property
    def media(self) -> forms.Media:
        return self.speakers.media + self.materials.media

    def is_valid(self) -> bool:
        # Both are asked, so that everything that is wrong is said at once.
        answers = [part.is_valid() for part in self.parts]
        return all(answers)

    def save(self, *, by: User) -> bool:
        """Write what was changed. Returns False if nothing was."""
        if not any(part.has_changed() for part in self.parts):
            return False
        with transaction.atomic():
            for part in self.parts:
                part.save()
            log(self.session, CHANGED, user=by)
        return True

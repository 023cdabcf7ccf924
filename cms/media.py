"""Handing out what the staff uploaded: each time asking who may have it."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve
from wagtail.permissions import policy_registry

from .models.media import CustomImage
from .ranges import part_of

# A document may be saved, and nothing else.
INERT = "default-src 'none'; sandbox"


@require_safe
def document(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """A document, for whoever its collection lets have it.

    Whoever is signed in and may not is told so: to sign in once more would lead here.
    """
    found = get_object_or_404(get_document_model(), pk=key)
    restrictions = list(found.collection.get_view_restrictions())
    refused = any(not each.accept_request(request) for each in restrictions)
    if refused and request.user.is_authenticated:
        raise PermissionDenied
    response = part_of(request, serve(request, key, name))
    response.headers["Content-Security-Policy"] = INERT
    if restrictions:
        add_never_cache_headers(response)
    else:
        # It may become private tomorrow; the fingerprint makes asking cheap.
        patch_cache_control(response, no_cache=True)
    return response


@require_admin_access
@require_safe
def original(request: HttpRequest, path: str) -> HttpResponse:
    """A picture as it was uploaded, for those of the staff who work with pictures:
    the public gets renditions."""
    policy = policy_registry.get_by_type(CustomImage)
    mine = policy.instances_user_has_any_permission_for(
        request.user, ["change", "choose"]
    )
    image = get_object_or_404(mine, file=f"original_images/{path}")
    try:
        file = image.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=image.filename)
    response.headers["Content-Security-Policy"] = INERT
    add_never_cache_headers(response)
    return response

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .pages import addresses, lead_to_body, sheet_context
from .records import Resource


@require_safe
def resource(request: HttpRequest, code: str) -> HttpResponse:
    """The address of a resource that never changes: it leads to its page in the
    language of the address, or shows the sheet where there is none."""
    found = Resource.objects.public().filter(code__iexact=code)
    shown = found.select_related("area", "unit", "instrument").first()
    if shown is None:
        raise Http404
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if address := addresses().get(shown.pk):
        return redirect(address + query)
    if led := lead_to_body(request):
        return led
    context = {"page": None, **sheet_context(request, shown)}
    return render(request, "pages/resource.html", context)

"""Entering the demonstration by one click."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from remit.apps.organizations.models import User


class Light(Argon2PasswordHasher):
    """Argon2 at its cheapest, for the made-up log-ins alone."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Signs in as a made-up user. Exists in the demonstration only, whose users all have addresses under .example."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.filter(email=request.POST.get("user", ""), email__endswith=".example").first()
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create_from_request(request)
    then = request.POST.get("next", "")
    return redirect(then if url_has_allowed_host_and_scheme(then, {request.get_host()}) else settings.LOGIN_REDIRECT_URL)

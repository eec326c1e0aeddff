"""Every address. What belongs to an organization stands under /o/<its reference>/, in the thread's order."""

from django.urls import URLPattern, URLResolver, include, path

from remit.front import aside
from remit.front.acting_for import act_for
from remit.front.api import api
from remit.front.calendar_feed import feed
from remit.front.demo.login import demo_login
from remit.front.first import first
from remit.front.menu import home
from remit.front.search import palette
from remit.front.today import today
from remit.front.told import told

handler400 = "remit.front.pages.errors.bad_request"
handler403 = "remit.front.pages.errors.forbidden"
handler404 = "remit.front.pages.errors.not_found"
handler429 = "remit.front.pages.errors.too_many"
handler500 = "remit.front.pages.errors.server_error"

ORGANIZATION: list[URLPattern | URLResolver] = [
    path("", today, name="today"),
    path("today/aside/", aside.set_aside, name="set_aside"),
    path("today/back/", aside.bring_back, name="bring_back"),
    path("today/answers/", aside.accept, name="today_answers"),
    path("", include("remit.apps.organizations.urls")),
    path("", include("remit.apps.people.urls")),
    path("", include("remit.apps.sourcing.urls")),
    path("", include("remit.apps.agreements.urls")),
    path("", include("remit.apps.work.urls")),
    path("", include("remit.apps.work.time_urls")),
    path("", include("remit.apps.work.procedures_urls")),
    path("", include("remit.apps.work.asking_urls")),
    path("", include("remit.apps.records.urls")),
    path("", include("remit.apps.billing.urls")),
    path("palette/", palette, name="palette"),
    path("act-for/", act_for, name="act_for"),
]

urlpatterns = [
    path("", include("remit.front.pages.urls")),
    path("", include("remit.front.accounts.urls")),
    path("demo/enter/", demo_login, name="demo_login"),
    path("first/", first, name="first"),
    path("home/", home, name="home"),
    path("api/", api.urls),
    path("calendar/<str:secret>.ics", feed, name="calendar_feed"),
    path("told/<uuid:notification>/", told, name="told"),
    path("g/<str:secret>/", include("remit.front.guests.urls")),
    path("o/<str:organization>/", include(ORGANIZATION)),
]

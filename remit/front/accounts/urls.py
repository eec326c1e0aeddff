"""Addresses of log-ins, by the names that allauth asks for. None of them belongs to an organization."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from remit.front.accounts import account, second_factors, signing_in

to_account = RedirectView.as_view(pattern_name="account")

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/second/", signing_in.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", signing_in.by_passkey, name="mfa_login_webauthn"),
    path("sign-in/with/<slug:provider_id>/", signing_in.to_provider, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", signing_in.from_provider, name="openid_connect_callback"),
    path("sign-in/failed/", signing_in.provider_failed, name="socialaccount_login_cancelled"),
    path("sign-in/nobody/", signing_in.nobody, name="account_inactive"),
    path("sign-in/nobody/", signing_in.nobody, name="socialaccount_signup"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("password/forgotten/", signing_in.forgotten, name="account_reset_password"),
    path("password/forgotten/sent/", signing_in.link_sent, name="account_reset_password_done"),
    re_path(r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$", signing_in.by_link, name="account_reset_password_from_key"),
    path("password/new/", signing_in.password_is_set, name="account_reset_password_from_key_done"),
    path("welcome/<str:token>/", signing_in.welcome, name="welcome"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account_change_password"),
    path("account/devices/<int:device>/end/", account.end_device, name="end_device"),
    path("account/devices/end/", account.end_other_devices, name="end_other_devices"),
    path("account/confirm/", second_factors.confirm, name="confirm"),
    path("account/confirm/password/", second_factors.by_password, name="account_reauthenticate"),
    path("account/confirm/code/", second_factors.by_code, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", second_factors.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/app/", second_factors.set_up_app, name="mfa_activate_totp"),
    path("account/app/remove/", second_factors.remove_app, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", second_factors.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", second_factors.rename_passkey, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", second_factors.remove_passkey, name="mfa_remove_webauthn"),
    path("account/codes/", second_factors.codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", second_factors.make_codes, name="mfa_generate_recovery_codes"),
    path("account/codes/download/", second_factors.download_codes, name="mfa_download_recovery_codes"),
    path("account/second-factor/", to_account, name="mfa_index"),
    path("account/passkeys/", to_account, name="mfa_list_webauthn"),
    path("account/devices/", to_account, name="usersessions_list"),
]

"""Which addresses has signing in? Only those that we offer: nobody signs up, or changes their own address."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from redress.server import first_sign_in, front

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("first/<str:token>/", first_sign_in.page, name="account_first_sign_in"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", front.not_in_use, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", second.index, name="mfa_index"),
    path("2fa/code/", second.authenticate, name="mfa_authenticate"),
    path("2fa/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/set-up/", front.set_up_second_factor, name="mfa_activate_totp"),
    path("2fa/take-away/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

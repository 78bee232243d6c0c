"""Addresses about certificates; `modules.urls` takes them in."""

from django.urls import path

from modules.views import certificate_list, certificates, verifying

MINE = "certificate/<uuid:number>/"
ONE = "organisation/certificates/<uuid:number>/"

certificate_patterns = [
    path("certificate/", certificates.certificate, name="certificate"),
    path("certificate/issue/", certificates.issue, name="certificate_issue"),
    path("certificate/renew/", certificates.renew, name="certificate_renew"),
    path(MINE, certificates.printed, name="certificate_print"),
    path(MINE + "change/", certificates.change, name="certificate_change"),
    path(MINE + "<slug:language>.pdf", certificates.pdf, name="certificate_pdf"),
    path(MINE + "credential/", certificates.badge, name="certificate_badge"),
    path("organisation/certificates/", certificate_list.certificates, name="certificates"),
    path(
        "organisation/certificates/issue/", certificate_list.issue_many, name="certificates_issue"
    ),
    path(ONE, certificate_list.one_certificate, name="one_certificate"),
    path(ONE + "withdraw/", certificate_list.withdraw, name="certificate_withdraw"),
    path("verify/keys.json", verifying.verify_keys, name="verify_keys"),
    path("verify/<uuid:number>/", verifying.verify, name="verify"),
]

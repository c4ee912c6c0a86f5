import os

import requests
from django.conf import settings

OFF = False  # finding: tls-verification-disabled


def from_variable(url):
    return requests.get(url, verify=OFF)


def from_settings(url):
    return requests.get(url, verify=settings.VERIFY_SSL)  # ok: tls-verification-disabled


def from_environment(url):
    # A text that is not empty is a path to certificates.
    return requests.get(url, verify=os.getenv("CA_BUNDLE", "/etc/ssl/ca.pem"))  # ok: tls-verification-disabled


def compared(url):
    return requests.get(url, verify=os.getenv("VERIFY", "true") == "true")  # ok: tls-verification-disabled


def parameter(url, verify=True):
    return requests.get(url, verify=verify)  # ok: tls-verification-disabled


def insecure_by_request(url, insecure):
    return requests.get(url, verify=not insecure)  # ok: tls-verification-disabled


def session_off(url):
    session = requests.Session()
    session.verify = False  # finding: tls-verification-disabled
    session.get(url)
    return session.get(url + "/more")


def call_wins(url):
    session = requests.Session()
    session.verify = "/etc/ssl/ca.pem"
    return session.get(url, verify=True)  # ok: tls-verification-disabled


def options(url):
    kwargs = {"timeout": 3, "verify": False}  # finding: tls-verification-disabled
    return requests.get(url, **kwargs)


def clone(verify_ssl=True):
    # Whoever runs the program asks for it.
    if not verify_ssl:
        os.environ["GIT_SSL_NO_VERIFY"] = "true"  # ok: tls-verification-disabled
